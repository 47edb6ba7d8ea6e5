"""Parts of the screens about what comes again: subscriptions, bills, and what is due soon."""
