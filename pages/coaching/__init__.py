"""The coach's screen: answers as they come, what they rest on, and conversations."""
