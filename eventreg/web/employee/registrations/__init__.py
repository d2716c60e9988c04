"""The visitor's registrations: signing up, ticket, answers, withdrawing."""
