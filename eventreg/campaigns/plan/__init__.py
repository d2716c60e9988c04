"""How organisers set up and change a campaign: its parts, what is missing, copies, publication and closing."""
