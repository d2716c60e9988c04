"""The page with two buttons: I come, or I give my place up."""
