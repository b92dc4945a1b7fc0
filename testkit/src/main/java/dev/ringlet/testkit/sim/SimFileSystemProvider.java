package dev.ringlet.testkit.sim;

import dev.ringlet.io.FilePermissions;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JDK's calls on the simulated disk. The simulation's thread. */
final class SimFileSystemProvider extends FileSystemProvider {
  static final String SCHEME = "sim";

  private static final String OF_A_WORLD = "the files of a simulation are got from its SimWorld";

  private final SimDisk disk;

  SimFileSystemProvider(SimDisk disk) {
    this.disk = disk;
  }

  SimDisk disk() {
    return disk;
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws DiskException;
  }

  @FunctionalInterface
  private interface Action {
    void run() throws DiskException;
  }

  private static void act(Path path, @Nullable Path other, Action action) throws IOException {
    var unused =
        call(
            path,
            other,
            () -> {
              action.run();
              return true;
            });
  }

  private static <T> T call(Path path, @Nullable Path other, Call<T> call) throws IOException {
    try {
      return call.run();
    } catch (DiskException e) {
      throw failure(e.errno(), path.toString(), other == null ? null : other.toString());
    }
  }

  private static FileSystemException failure(int errno, String path, @Nullable String other) {
    return switch (errno) {
      case Errno.ENOENT -> new NoSuchFileException(path, other, null);
      case Errno.EEXIST -> new FileAlreadyExistsException(other == null ? path : other);
      case Errno.ENOTEMPTY -> new DirectoryNotEmptyException(other == null ? path : other);
      default -> new FileSystemException(path, other, reason(errno));
    };
  }

  /** What the C library says. */
  static String reason(int errno) {
    return switch (errno) {
      case Errno.EPERM -> "Operation not permitted";
      case Errno.EIO -> "Input/output error";
      case Errno.EBADF -> "Bad file descriptor";
      case Errno.EBUSY -> "Device or resource busy";
      case Errno.EXDEV -> "Invalid cross-device link";
      case Errno.ENOTDIR -> "Not a directory";
      case Errno.EISDIR -> "Is a directory";
      case Errno.EINVAL -> "Invalid argument";
      case Errno.EFBIG -> "File too large";
      case Errno.ENOSPC -> "No space left on device";
      case Errno.ENAMETOOLONG -> "File name too long";
      case Errno.ELOOP -> "Too many levels of symbolic links";
      default -> Errno.describe(errno);
    };
  }

  private static boolean follows(LinkOption... options) {
    return options.length == 0;
  }

  /** What a path leads to. */
  Inode present(Path path, boolean follows) throws IOException {
    return call(path, null, () -> disk.find(SimDisk.text(path), follows).present());
  }

  private boolean exists(Path path) throws IOException {
    return call(path, null, () -> disk.find(SimDisk.text(path), false).inode() != null);
  }

  // ---- opening

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    int flags = flags(options);
    int bits = permissions(FilePermissions.FILE, attributes);
    OpenFile file = call(path, null, () -> disk.open(SimDisk.text(path), flags, bits));
    if (options.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
      delete(path);
    }
    return new SimFileChannel(disk, file);
  }

  private static int flags(Set<? extends OpenOption> options) {
    Set<OpenOption> left = new HashSet<>(options);
    boolean appends = left.remove(StandardOpenOption.APPEND);
    boolean writes = left.remove(StandardOpenOption.WRITE) || appends;
    boolean reads = left.remove(StandardOpenOption.READ) || !writes;
    boolean truncates = left.remove(StandardOpenOption.TRUNCATE_EXISTING);
    if (appends && (reads || truncates)) {
      throw new IllegalArgumentException("options: " + options + "; APPEND goes with neither");
    }
    int flags = (reads ? IoRequest.OPEN_READ : 0) | (writes ? IoRequest.OPEN_WRITE : 0);
    flags |= appends ? IoRequest.OPEN_APPEND : 0;
    flags |= truncates && writes ? IoRequest.OPEN_TRUNCATE : 0;
    boolean creates = left.remove(StandardOpenOption.CREATE);
    boolean createsNew = left.remove(StandardOpenOption.CREATE_NEW);
    flags |= creates && writes ? IoRequest.OPEN_CREATE : 0;
    flags |= createsNew && writes ? IoRequest.OPEN_CREATE_NEW : 0;
    flags |= left.remove(StandardOpenOption.DSYNC) ? IoRequest.OPEN_DATA_SYNC : 0;
    flags |= left.remove(StandardOpenOption.SYNC) ? IoRequest.OPEN_SYNC : 0;
    left.removeAll(
        List.of(
            StandardOpenOption.SPARSE,
            StandardOpenOption.DELETE_ON_CLOSE,
            LinkOption.NOFOLLOW_LINKS));
    if (!left.isEmpty()) {
      throw new UnsupportedOperationException("options: " + left);
    }
    return flags;
  }

  @SuppressWarnings("unchecked") // That is the type which the attribute of this name has.
  private static int permissions(FilePermissions usual, FileAttribute<?>... attributes) {
    int bits = usual.bits();
    for (FileAttribute<?> attribute : attributes) {
      if (!attribute.name().equals("posix:permissions")) {
        throw new UnsupportedOperationException("attribute: " + attribute.name());
      }
      bits = FilePermissions.of((Set<PosixFilePermission>) attribute.value()).bits();
    }
    return bits;
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    Inode inode = present(directory, true);
    if (!inode.isDirectory()) {
      throw new NotDirectoryException(directory.toString());
    }
    return new SimDirectoryStream(directory, List.copyOf(inode.entries.keySet()), filter);
  }

  // ---- names

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    int bits = permissions(FilePermissions.DIRECTORY, attributes);
    act(directory, null, () -> disk.makeDirectory(SimDisk.text(directory), bits));
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    act(link, null, () -> disk.symlink(target.toString(), SimDisk.text(link)));
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    act(existing, link, () -> disk.link(SimDisk.text(existing), SimDisk.text(link)));
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    Inode inode = present(link, false);
    if (!inode.isLink()) {
      throw new NotLinkException(link.toString());
    }
    return link.getFileSystem().getPath(inode.text);
  }

  @Override
  public void delete(Path path) throws IOException {
    boolean directory = present(path, false).isDirectory();
    act(path, null, () -> disk.unlink(SimDisk.text(path), directory));
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    List<CopyOption> wanted = Arrays.asList(options);
    Inode moved = present(source, false);
    if (!wanted.contains(StandardCopyOption.ATOMIC_MOVE) && exists(target)) {
      if (!wanted.contains(StandardCopyOption.REPLACE_EXISTING)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      if (present(target, false).isDirectory() != moved.isDirectory()) {
        delete(target);
      }
    }
    try {
      disk.rename(SimDisk.text(source), SimDisk.text(target), false);
    } catch (DiskException e) {
      if (e.errno() == Errno.EXDEV && wanted.contains(StandardCopyOption.ATOMIC_MOVE)) {
        throw new AtomicMoveNotSupportedException(
            source.toString(), target.toString(), reason(e.errno()));
      }
      throw failure(e.errno(), source.toString(), target.toString());
    }
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    List<CopyOption> wanted = Arrays.asList(options);
    Inode inode = present(source, true);
    if (exists(target)) {
      if (!wanted.contains(StandardCopyOption.REPLACE_EXISTING)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      delete(target);
    }
    if (inode.isDirectory()) {
      createDirectory(target);
      return;
    }
    Set<OpenOption> writing = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel from = newFileChannel(source, Set.of(StandardOpenOption.READ));
        FileChannel to = newFileChannel(target, writing)) {
      long copied = from.transferTo(0, from.size(), to);
      if (copied < from.size()) {
        throw new FileSystemException(target.toString(), null, reason(Errno.ENOSPC));
      }
    }
  }

  // ---- what is known of files

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return path.equals(other) || present(path, true) == present(other, true);
  }

  @Override
  public boolean isHidden(Path path) {
    Path name = path.getFileName();
    return name != null && name.toString().startsWith(".");
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    var unused = present(path, true);
    return new SimFileStore(disk);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    var unused = present(path, true);
  }

  Path realPath(SimPath path, LinkOption... options) throws IOException {
    String real = call(path, null, () -> disk.realPath(path.toString(), follows(options)));
    return path.getFileSystem().getPath(real);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return SimAttributeView.supports(type)
        ? type.cast(new SimAttributeView(this, path, follows(options)))
        : null;
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
      throw new UnsupportedOperationException("type: " + type);
    }
    return type.cast(new SimAttributes(present(path, follows(options)).stat()));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    String view = view(attributes);
    Map<String, Object> all = new SimAttributes(present(path, follows(options)).stat()).named(view);
    List<String> wanted = Arrays.asList(names(attributes).split(",", -1));
    if (!wanted.contains("*")) {
      if (!all.keySet().containsAll(wanted)) {
        throw new IllegalArgumentException("attributes: " + attributes);
      }
      all.keySet().retainAll(wanted);
    }
    return all;
  }

  private static String view(String attributes) {
    int colon = attributes.indexOf(':');
    String view = colon < 0 ? "basic" : attributes.substring(0, colon);
    if (!SimAttributes.VIEWS.contains(view)) {
      throw new UnsupportedOperationException("attributes: " + attributes);
    }
    return view;
  }

  private static String names(String attributes) {
    return attributes.substring(attributes.indexOf(':') + 1);
  }

  @Override
  @SuppressWarnings("unchecked") // That is the type which the attribute of this name has.
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    var unused = view(attribute);
    SimAttributeView view = new SimAttributeView(this, path, follows(options));
    switch (names(attribute)) {
      case "permissions" -> view.setPermissions((Set<PosixFilePermission>) value);
      case "lastModifiedTime" -> view.setTimes((FileTime) value, null, null);
      case "lastAccessTime" -> view.setTimes(null, (FileTime) value, null);
      default -> throw new UnsupportedOperationException("attribute: " + attribute);
    }
  }

  // ---- there is one for each simulation

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
    throw new UnsupportedOperationException(OF_A_WORLD);
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException(OF_A_WORLD);
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException(OF_A_WORLD);
  }
}
