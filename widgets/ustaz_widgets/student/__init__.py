"""What a student works with: the practice widget and what it speaks."""
