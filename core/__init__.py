"""FinTrack without a face: every room of the product. Nothing here knows of Streamlit."""
