"""What is to be expected of the coming runs and days, and which mornings and runs were not as expected."""
