"""The screens of a campaign: an organiser makes and removes them."""
