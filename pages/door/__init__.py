"""The front door below the screens: who may speak to the server at all, and the session cookie."""
