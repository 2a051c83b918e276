"""When what is: sessions, clinics, last days and promises, as a page and as a feed for own calendars."""
