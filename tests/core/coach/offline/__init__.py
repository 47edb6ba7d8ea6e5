"""The coach that works with no key."""
