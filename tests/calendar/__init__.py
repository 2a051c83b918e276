"""The calendar: pages, feed, invitations."""
