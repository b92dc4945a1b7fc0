package dev.ringlet.testkit.sim;

import dev.ringlet.io.FilePermissions;
import dev.ringlet.io.FileStat;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What the JDK tells of a file. Immutable.
 *
 * @param stat what the disk tells
 */
record SimAttributes(FileStat stat) implements PosixFileAttributes {
  static final Set<String> VIEWS = Set.of("basic", "posix", "unix");

  private record FileKey(long device, long inode) {}

  private record Root(String getName) implements GroupPrincipal {
    @Override
    public String toString() {
      return getName;
    }
  }

  static FileTime time(long nanos) {
    return FileTime.from(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public FileTime lastModifiedTime() {
    return time(stat.modifiedNanos());
  }

  @Override
  public FileTime lastAccessTime() {
    return time(stat.accessedNanos());
  }

  @Override
  public FileTime creationTime() {
    return time(stat.createdNanos());
  }

  @Override
  public boolean isRegularFile() {
    return stat.isRegularFile();
  }

  @Override
  public boolean isDirectory() {
    return stat.isDirectory();
  }

  @Override
  public boolean isSymbolicLink() {
    return stat.kind() == FileStat.Kind.SYMLINK;
  }

  @Override
  public boolean isOther() {
    return !isRegularFile() && !isDirectory() && !isSymbolicLink();
  }

  @Override
  public long size() {
    return stat.size();
  }

  @Override
  public Object fileKey() {
    return new FileKey(stat.device(), stat.inode());
  }

  @Override
  public GroupPrincipal owner() {
    return new Root("root");
  }

  @Override
  public GroupPrincipal group() {
    return owner();
  }

  @Override
  public Set<PosixFilePermission> permissions() {
    return new FilePermissions(stat.permissions() & 0777).toSet();
  }

  /** Of st_mode. */
  private int mode() {
    int type =
        switch (stat.kind()) {
          case DIRECTORY -> 0040000;
          case SYMLINK -> 0120000;
          case CHARACTER_DEVICE -> 0020000;
          default -> 0100000;
        };
    return type | stat.permissions();
  }

  /** All that a view has, by name. */
  Map<String, Object> named(String view) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("lastModifiedTime", lastModifiedTime());
    all.put("lastAccessTime", lastAccessTime());
    all.put("creationTime", creationTime());
    all.put("size", size());
    all.put("isRegularFile", isRegularFile());
    all.put("isDirectory", isDirectory());
    all.put("isSymbolicLink", isSymbolicLink());
    all.put("isOther", isOther());
    all.put("fileKey", fileKey());
    if (!view.equals("basic")) {
      all.put("permissions", permissions());
      all.put("owner", owner());
      all.put("group", group());
    }
    if (view.equals("unix")) {
      all.put("mode", mode());
      all.put("ino", stat.inode());
      all.put("dev", stat.device());
      all.put("nlink", (int) stat.links());
      all.put("uid", stat.userId());
      all.put("gid", stat.groupId());
      all.put("ctime", time(stat.changedNanos()));
    }
    return all;
  }
}
