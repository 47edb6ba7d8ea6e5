"""The screens: one thin file each. They ask the core and draw the answer."""
