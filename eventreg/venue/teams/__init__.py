"""Teams of an activity, how they flew, and the draws that formed them."""
