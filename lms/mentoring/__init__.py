"""What staff and firm say to each other: sessions, notes, promised actions, requests for help, contacts."""
