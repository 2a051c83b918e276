"""What is taught: course texts read, checked and published as versions that never change."""
