"""The kinds of picture that a course may show: media types by the ending of a file's name, and back."""

MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
EXTENSIONS = {media_type: ending.removeprefix(".") for ending, media_type in MEDIA_TYPES.items()}
