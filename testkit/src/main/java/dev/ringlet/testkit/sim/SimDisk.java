package dev.ringlet.testkit.sim;

import dev.ringlet.io.FileStat;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a simulation. Programs see the page cache; what a power loss leaves is told at
 * {@link StableContent} and {@link NameJournal}. A sync of a file says nothing of its names, as
 * POSIX has it; permissions and times are on the disk at once. Everybody may do everything, the
 * umask is 022. {@code /dev/null}, {@code /dev/full} and {@code /dev/shm}, another file system, are
 * there. The simulation's thread.
 */
final class SimDisk {
  static final String FULL = "full";

  private static final int UMASK = 022;

  /** 2026-01-01, when every simulation begins. */
  private static final long EPOCH_NANOS = 1_767_225_600_000_000_000L;

  private static final long USUAL_CAPACITY = 16L << 30;
  private static final long DEVICE = 1;
  private static final long OTHER_DEVICE = 2;

  private final SimWorld world;
  private final NameJournal names = new NameJournal();

  /** What was opened in other ways than through a driver. */
  private final List<OpenFile> viewed = new ArrayList<>();

  private final Inode root;
  private final Inode shared;
  private long capacity = USUAL_CAPACITY;
  private long used;
  private long inodes;
  private long changes;
  private int boot;

  SimDisk(SimWorld world) {
    this.world = world;
    root = inode(DEVICE, FileStat.Kind.DIRECTORY, 0755, "");
    root.parent = root;
    root.links = 1;
    Inode devices = inode(DEVICE, FileStat.Kind.DIRECTORY, 0755, "");
    provide(root, "dev", devices);
    provide(devices, "null", inode(DEVICE, FileStat.Kind.CHARACTER_DEVICE, 0666, "null"));
    provide(devices, FULL, inode(DEVICE, FileStat.Kind.CHARACTER_DEVICE, 0666, FULL));
    shared = inode(OTHER_DEVICE, FileStat.Kind.DIRECTORY, 0777, "");
    provide(devices, "shm", shared);
  }

  private Inode inode(long device, FileStat.Kind kind, int permissions, String text) {
    return new Inode(++inodes, device, kind, permissions, text, nowNanos());
  }

  private static void provide(Inode directory, String name, Inode inode) {
    inode.parent = directory;
    inode.links = 1;
    directory.entries.put(name, inode);
    directory.stableEntries.put(name, inode);
  }

  // ---- for its files

  /** How often it was switched on again. */
  int boot() {
    return boot;
  }

  /** Since 1970. */
  long nowNanos() {
    return EPOCH_NANOS + world.clock().elapsedNanos();
  }

  /** The number of the last change. */
  long changes() {
    return changes;
  }

  long nextChange() {
    return ++changes;
  }

  void change(Inode inode, Change change) {
    long before = inode.content.allocatedBytes();
    change.applyTo(inode.content);
    used += inode.content.allocatedBytes() - before;
    inode.stable.add(change);
    inode.modified(nowNanos());
  }

  void truncate(Inode inode, long size) {
    long before = inode.content.size();
    if (size < before) {
      change(inode, Change.of(nextChange(), Change.Kind.CUT, 0, size));
    } else if (size > before) {
      change(inode, Change.of(nextChange(), Change.Kind.GROW, 0, size));
    }
  }

  void sync(Inode inode, long change) {
    if (inode.isDirectory()) {
      names.sync(inode, change);
    } else {
      inode.stable.sync(change);
    }
  }

  void freeIfGone(Inode inode) {
    if (inode.isGone()) {
      used -= inode.content.allocatedBytes();
      inode.content = new Content();
    }
  }

  // ---- space

  /**
   * How much there is room for; a disk that is smaller than what is on it is full.
   *
   * @param bytes of the contents of files, in whole pages
   */
  void capacity(long bytes) {
    capacity = bytes;
  }

  long capacity() {
    return capacity;
  }

  long freeBytes() {
    return Math.max(0, capacity - used);
  }

  long freePages() {
    return freeBytes() / Content.PAGE_BYTES;
  }

  // ---- names

  Place find(String path, boolean follows) throws DiskException {
    return Place.find(root, path, follows);
  }

  /** Without links and dots. */
  String realPath(String path, boolean follows) throws DiskException {
    Place place = find(path, follows);
    Inode inode = place.present();
    Inode directory = place.directory();
    return directory == null
        ? "/" + pathOf(inode).substring(inode == root ? 0 : 1)
        : pathOf(directory) + "/" + place.name();
  }

  /** The root's is empty. */
  private static String pathOf(Inode directory) {
    Inode parent = Objects.requireNonNull(directory.parent);
    for (Map.Entry<String, Inode> entry : parent.entries.entrySet()) {
      if (entry.getValue() == directory) {
        return pathOf(parent) + "/" + entry.getKey();
      }
    }
    return "";
  }

  OpenFile open(String path, int flags, int permissions) throws DiskException {
    boolean writes = (flags & IoRequest.OPEN_WRITE) != 0;
    if ((flags & IoRequest.OPEN_TEMPORARY) != 0) {
      return openTemporary(path, flags, permissions);
    }
    boolean createsNew = (flags & IoRequest.OPEN_CREATE_NEW) != 0;
    boolean creates = createsNew || (flags & IoRequest.OPEN_CREATE) != 0;
    Place place = find(path, !createsNew);
    Inode inode = place.inode();
    if (inode == null && creates) {
      inode = make(place, FileStat.Kind.REGULAR, permissions, "");
    } else if (inode != null && createsNew) {
      throw new DiskException(Errno.EEXIST);
    }
    Inode present = inode == null ? place.present() : inode;
    if (present.isDirectory() && (writes || creates)) {
      throw new DiskException(Errno.EISDIR);
    }
    if ((flags & IoRequest.OPEN_TRUNCATE) != 0 && present.isRegular()) {
      truncate(present, 0);
    }
    return new OpenFile(this, present, flags);
  }

  private OpenFile openTemporary(String path, int flags, int permissions) throws DiskException {
    Inode directory = find(path, true).present();
    checkDirectory(directory);
    if ((flags & IoRequest.OPEN_WRITE) == 0) {
      throw new DiskException(Errno.EINVAL);
    }
    int granted = permissions & ~UMASK;
    return new OpenFile(this, inode(directory.device, FileStat.Kind.REGULAR, granted, ""), flags);
  }

  private Inode make(Place place, FileStat.Kind kind, int permissions, String text)
      throws DiskException {
    Inode directory = place.changeable();
    Inode made = inode(directory.device, kind, permissions & ~UMASK, text);
    made.links = 1;
    made.parent = kind == FileStat.Kind.DIRECTORY ? directory : null;
    bind(false, NameJournal.binding(place, made));
    return made;
  }

  private void bind(boolean movesDirectory, NameJournal.Binding... bindings) {
    names.add(nextChange(), movesDirectory, bindings);
    for (NameJournal.Binding binding : bindings) {
      binding.directory().modified(nowNanos());
    }
  }

  private static void checkDirectory(Inode inode) throws DiskException {
    if (!inode.isDirectory()) {
      throw new DiskException(Errno.ENOTDIR);
    }
  }

  private static void checkEmpty(Inode directory) throws DiskException {
    if (!directory.entries.isEmpty()) {
      throw new DiskException(Errno.ENOTEMPTY);
    }
  }

  private static Place free(Place place) throws DiskException {
    if (place.inode() != null) {
      throw new DiskException(Errno.EEXIST);
    }
    return place;
  }

  void makeDirectory(String path, int permissions) throws DiskException {
    var unused = make(free(find(path, false)), FileStat.Kind.DIRECTORY, permissions, "");
  }

  /** The file of a Unix socket. */
  Inode makeSocket(String path) throws DiskException {
    Place place = find(path, false);
    if (place.inode() != null) {
      throw new DiskException(Errno.EADDRINUSE);
    }
    return make(place, FileStat.Kind.SOCKET, 0777, "");
  }

  void link(String path, String other) throws DiskException {
    Inode inode = find(path, false).present();
    Place place = free(find(other, false));
    if (inode.isDirectory()) {
      throw new DiskException(Errno.EPERM);
    }
    if (place.changeable().device != inode.device) {
      throw new DiskException(Errno.EXDEV);
    }
    inode.links++;
    inode.changedNanos = nowNanos();
    bind(false, NameJournal.binding(place, inode));
  }

  void symlink(String target, String path) throws DiskException {
    if (target.isEmpty()) {
      throw new DiskException(Errno.ENOENT);
    }
    var unused = make(free(find(path, false)), FileStat.Kind.SYMLINK, 0777 | UMASK, target);
  }

  void unlink(String path, boolean directory) throws DiskException {
    Place place = find(path, false);
    Inode inode = place.present();
    var unused = place.changeable();
    if (directory) {
      checkDirectory(inode);
      checkEmpty(inode);
    } else if (inode.isDirectory()) {
      throw new DiskException(Errno.EISDIR);
    }
    bind(false, NameJournal.binding(place, null));
    unnamed(inode);
  }

  /** It has lost a name. */
  private void unnamed(Inode inode) {
    inode.links--;
    inode.changedNanos = nowNanos();
    freeIfGone(inode);
  }

  void rename(String from, String to, boolean keep) throws DiskException {
    Place source = find(from, false);
    Place target = find(to, false);
    Inode moved = source.present();
    Inode replaced = target.inode();
    Inode home = target.changeable();
    if (source.changeable().device != home.device) {
      throw new DiskException(Errno.EXDEV);
    }
    if (replaced != null && keep) {
      throw new DiskException(Errno.EEXIST);
    }
    if (moved == replaced) {
      return;
    }
    checkFits(moved, replaced, home);
    boolean movesDirectory = moved.isDirectory() && source.directory() != home;
    bind(movesDirectory, NameJournal.binding(source, null), NameJournal.binding(target, moved));
    moved.changedNanos = nowNanos();
    if (moved.isDirectory()) {
      moved.parent = home;
    }
    if (replaced != null) {
      unnamed(replaced);
    }
  }

  private static void checkFits(Inode moved, @Nullable Inode replaced, Inode home)
      throws DiskException {
    if (moved.isDirectory()) {
      for (Inode at = home; at.parent != at; at = Objects.requireNonNull(at.parent)) {
        if (at == moved) {
          throw new DiskException(Errno.EINVAL);
        }
      }
      if (replaced != null) {
        checkDirectory(replaced);
        checkEmpty(replaced);
      }
    } else if (replaced != null && replaced.isDirectory()) {
      throw new DiskException(Errno.EISDIR);
    }
  }

  // ---- for drivers

  /** OPEN, RENAME, LINK, SYMLINK, UNLINK, MAKE_DIRECTORY, and STAT of a path. */
  void execute(SimOperation operation) {
    Object payload;
    try {
      payload = perform(operation);
    } catch (DiskException e) {
      operation.fail(e.errno());
      return;
    }
    operation.end(0, payload);
  }

  private @Nullable Object perform(SimOperation operation) throws DiskException {
    IoRequest request = operation.request;
    Path first = Objects.requireNonNull(request.path);
    String path = text(first);
    switch (request.opcode) {
      case OPEN -> {
        return new SimFile(operation.driver, open(path, request.flags, request.length));
      }
      case STAT -> {
        return find(path, (request.flags & IoRequest.STAT_LINK) == 0).present().stat();
      }
      case UNLINK -> unlink(path, (request.flags & IoRequest.UNLINK_DIRECTORY) != 0);
      case MAKE_DIRECTORY -> makeDirectory(path, request.length);
      case RENAME -> rename(path, other(request), (request.flags & IoRequest.RENAME_KEEP) != 0);
      case LINK -> link(path, other(request));
      case SYMLINK -> symlink(first.toString(), other(request));
      default -> throw new DiskException(Errno.EOPNOTSUPP);
    }
    return null;
  }

  /** A fault has come in its place. */
  void refused(SimOperation operation) {
    switch (operation.request.opcode) {
      case DATA_SYNC, SYNC -> {
        if (operation.handle() instanceof SimFile file) {
          file.syncFailed(operation);
        }
      }
      default -> {
        // Nothing has happened.
      }
    }
  }

  private static String other(IoRequest request) {
    return text(Objects.requireNonNull(request.otherPath));
  }

  /** Of the default file system it is the absolute path: the same path here. */
  static String text(Path path) {
    boolean ours = path.getFileSystem() != FileSystems.getDefault();
    return (ours ? path : path.toAbsolutePath()).toString();
  }

  // ---- what ends with a process, and with the power

  void viewed(OpenFile file) {
    viewed.removeIf(OpenFile::isClosed);
    viewed.add(file);
  }

  boolean isViewed(OpenFile file) {
    return viewed.contains(file);
  }

  /** The kernel closes what the processes had open that they had not opened through a driver. */
  void closeViewed() {
    viewed.forEach(OpenFile::close);
    viewed.clear();
  }

  /**
   * The power goes, and comes back: all open files are useless, and what was not synced is there or
   * not. To be called when all processes have been killed.
   *
   * @param random decides what of it is there
   */
  void powerLoss(SimRandom random) {
    boot++;
    viewed.clear();
    int pending = names.size();
    int kept = names.powerLoss(random);
    shared.stableEntries.clear();
    used = 0;
    Set<Long> seen = new HashSet<>();
    recover(root, seen, random);
    world.trace().add("disk: " + kept + " of " + pending + " unsynced changes of names are there");
  }

  private void recover(Inode inode, Set<Long> seen, SimRandom random) {
    inode.opens = 0;
    inode.locks.clear();
    inode.links = 1;
    inode.content = inode.stable.powerLoss(random);
    used += inode.content.allocatedBytes();
    inode.entries = new TreeMap<>(inode.stableEntries);
    for (Inode child : inode.entries.values()) {
      if (seen.add(child.number)) {
        recover(child, seen, random);
        child.parent = child.isDirectory() ? inode : null;
      } else {
        child.links++;
      }
    }
  }
}
