package dev.ringlet.scheduler;

import dev.ringlet.io.FilePermissions;
import dev.ringlet.io.FileStat;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.PathOperations;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.nio.file.Path;
import java.util.Objects;

/** Makes the operations on paths for one executor's driver. */
final class ExecutorPaths implements PathOperations {
  private final CoreExecutor executor;

  ExecutorPaths(CoreExecutor executor) {
    this.executor = executor;
  }

  @Override
  public IoOp<FileStat> stat(Path path) {
    return new PathStat(executor, path, 0);
  }

  @Override
  public IoOp<FileStat> statLink(Path path) {
    return new PathStat(executor, path, IoRequest.STAT_LINK);
  }

  @Override
  public IoOp<Void> rename(Path from, Path to) {
    return onTwo("rename", IoOpcode.RENAME, from, to);
  }

  @Override
  public IoOp<Void> renameToFree(Path from, Path to) {
    PlainOperation operation = onTwo("rename", IoOpcode.RENAME, from, to);
    operation.flags = IoRequest.RENAME_KEEP;
    return operation;
  }

  @Override
  public IoOp<Void> link(Path existing, Path link) {
    return onTwo("link", IoOpcode.LINK, existing, link);
  }

  @Override
  public IoOp<Void> symlink(Path target, Path link) {
    return onTwo("symlink", IoOpcode.SYMLINK, target, link);
  }

  @Override
  public IoOp<Void> unlink(Path path) {
    return onOne("unlink", IoOpcode.UNLINK, path);
  }

  @Override
  public IoOp<Void> makeDirectory(Path path) {
    return makeDirectory(path, FilePermissions.DIRECTORY);
  }

  @Override
  public IoOp<Void> makeDirectory(Path path, FilePermissions permissions) {
    PlainOperation operation = onOne("mkdir", IoOpcode.MAKE_DIRECTORY, path);
    operation.length = permissions.bits();
    return operation;
  }

  @Override
  public IoOp<Void> removeDirectory(Path path) {
    PlainOperation operation = onOne("rmdir", IoOpcode.UNLINK, path);
    operation.flags = IoRequest.UNLINK_DIRECTORY;
    return operation;
  }

  private PlainOperation onOne(String name, IoOpcode opcode, Path path) {
    PlainOperation operation = new PlainOperation(executor, name, path.toString(), opcode, null);
    operation.path = path;
    return operation;
  }

  private PlainOperation onTwo(String name, IoOpcode opcode, Path path, Path other) {
    String subject = path + " to " + Objects.requireNonNull(other, "second path");
    PlainOperation operation = new PlainOperation(executor, name, subject, opcode, null);
    operation.path = path;
    operation.otherPath = other;
    return operation;
  }
}
