"""The rivals, one file each, used as their own documentation teaches."""
