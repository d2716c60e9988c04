"""How organisers set a campaign up and change it: its parts, what it lacks, copies, publication and closing."""
