"""EFS: backups, and policies that end."""

from __future__ import annotations

import json
from typing import Any

from moto.efs.models import EFSBackend, FileSystem
from moto.efs.responses import EFSResponse

JSON = {"Content-Type": "application/json"}


def mend_backup_policy() -> None:
    """Let the daily backup of a file system be switched on and off; off is an answer, too, and no missing policy.

    https://docs.aws.amazon.com/efs/latest/ug/API_PutBackupPolicy.html
    """

    def put(self: EFSResponse) -> Any:
        policy = self._get_param("BackupPolicy")
        file_system = self.efs_backend.file_systems_by_id[self._get_param("FileSystemId")]
        file_system._backup = policy["Status"] == "ENABLED"
        return json.dumps({"BackupPolicy": policy}), JSON

    def status(self: FileSystem) -> dict[str, str]:
        return {"Status": "ENABLED" if self._backup else "DISABLED"}

    EFSResponse.put_backup_policy = put
    FileSystem.backup_policy = property(status)


def mend_policy_end() -> None:
    """Let the policy of a file system be deleted.

    https://docs.aws.amazon.com/efs/latest/ug/API_DeleteFileSystemPolicy.html
    """

    def delete(self: EFSResponse) -> Any:
        backend: EFSBackend = self.efs_backend
        backend.file_systems_by_id[self._get_param("FileSystemId")].file_system_policy = None
        return "", {"status": 200, **JSON}

    EFSResponse.delete_file_system_policy = delete
