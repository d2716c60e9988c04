"""One's own registrations: signing up, the ticket, the answers, withdrawing."""
