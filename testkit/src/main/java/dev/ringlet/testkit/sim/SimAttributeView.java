package dev.ringlet.testkit.sim;

import dev.ringlet.io.FilePermissions;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads and sets what the disk knows of a file. The simulation's thread. */
final class SimAttributeView implements PosixFileAttributeView {
  private final SimFileSystemProvider provider;
  private final Path path;
  private final boolean follows;

  SimAttributeView(SimFileSystemProvider provider, Path path, boolean follows) {
    this.provider = provider;
    this.path = path;
    this.follows = follows;
  }

  static boolean supports(Class<? extends FileAttributeView> type) {
    return type == BasicFileAttributeView.class || type == PosixFileAttributeView.class;
  }

  @Override
  public String name() {
    return "posix";
  }

  @Override
  public SimAttributes readAttributes() throws IOException {
    return new SimAttributes(provider.present(path, follows).stat());
  }

  @Override
  public void setTimes(
      @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
      throws IOException {
    Inode inode = provider.present(path, follows);
    if (modified != null) {
      inode.modifiedNanos = modified.to(TimeUnit.NANOSECONDS);
    }
    if (accessed != null) {
      inode.accessedNanos = accessed.to(TimeUnit.NANOSECONDS);
    }
    inode.changedNanos = provider.disk().nowNanos();
  }

  @Override
  public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
    Inode inode = provider.present(path, follows);
    inode.permissions = FilePermissions.of(permissions).bits();
    inode.changedNanos = provider.disk().nowNanos();
  }

  @Override
  public void setGroup(GroupPrincipal group) {
    throw oneUser();
  }

  @Override
  public UserPrincipal getOwner() throws IOException {
    return readAttributes().owner();
  }

  @Override
  public void setOwner(UserPrincipal owner) {
    throw oneUser();
  }

  private static UnsupportedOperationException oneUser() {
    return new UnsupportedOperationException("the simulated disk has one user");
  }
}
