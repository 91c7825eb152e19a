"""Where a large upload lies while it comes in: on the media volume, because a container's /tmp is memory."""

from __future__ import annotations

from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class Incoming(TemporaryFileUploadHandler):
    """Django's own handler of large uploads, in a folder of ours; the file goes when the request is over."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = OnTheVolume(self.file_name, self.content_type, 0, self.charset, self.content_type_extra)


class OnTheVolume(TemporaryUploadedFile):
    """An upload under a random name beside the media files; backups leave it out."""

    def __init__(self, name: Any, content_type: Any, size: Any, charset: Any, extra: Any = None) -> None:
        folder = settings.MEDIA_ROOT / "incoming"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = NamedTemporaryFile(suffix=".upload", dir=folder)  # noqa: SIM115  closed with the request
        UploadedFile.__init__(self, file, name, content_type, size, charset, extra)
