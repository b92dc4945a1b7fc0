package dev.ringlet.testkit.sim;

import dev.ringlet.io.FileStat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a name stands for, whatever its names. The simulation's thread. */
final class Inode {
  /** Of direct I/O. */
  static final int ALIGNMENT_BYTES = StableContent.SECTOR_BYTES;

  final long number;
  final long device;
  final FileStat.Kind kind;

  /** What a symbolic link says, or the name of a device; else empty. */
  final String text;

  private final long createdNanos;
  int permissions;
  long accessedNanos;
  long modifiedNanos;
  long changedNanos;
  long links;

  /** Of open files. */
  int opens;

  /** As programs see it. */
  Content content = new Content();

  final StableContent stable = new StableContent();
  final RangeLocks locks = new RangeLocks();

  /** Of a directory, as programs see it. */
  TreeMap<String, Inode> entries = new TreeMap<>();

  /** Of a directory, on the disk. */
  final TreeMap<String, Inode> stableEntries = new TreeMap<>();

  /** Of a directory; the root is its own. */
  @Nullable Inode parent;

  Inode(long number, long device, FileStat.Kind kind, int permissions, String text, long nowNanos) {
    this.number = number;
    this.device = device;
    this.kind = kind;
    this.permissions = permissions;
    this.text = text;
    createdNanos = nowNanos;
    accessedNanos = nowNanos;
    modifiedNanos = nowNanos;
    changedNanos = nowNanos;
  }

  boolean isDirectory() {
    return kind == FileStat.Kind.DIRECTORY;
  }

  boolean isRegular() {
    return kind == FileStat.Kind.REGULAR;
  }

  boolean isLink() {
    return kind == FileStat.Kind.SYMLINK;
  }

  /** Whether nobody can get at it any more. */
  boolean isGone() {
    return links == 0 && opens == 0;
  }

  void modified(long nowNanos) {
    modifiedNanos = nowNanos;
    changedNanos = nowNanos;
  }

  /** As with the mount option relatime. */
  void accessed(long nowNanos) {
    if (accessedNanos <= modifiedNanos) {
      accessedNanos = nowNanos;
    }
  }

  long size() {
    return switch (kind) {
      case REGULAR -> content.size();
      case DIRECTORY -> Content.PAGE_BYTES;
      case SYMLINK -> text.length();
      default -> 0;
    };
  }

  FileStat stat() {
    return new FileStat(
        kind,
        size(),
        content.allocatedBytes(),
        permissions,
        0,
        0,
        accessedNanos,
        modifiedNanos,
        changedNanos,
        createdNanos,
        number,
        device,
        isDirectory() ? 2 + entries.values().stream().filter(Inode::isDirectory).count() : links,
        isRegular() ? ALIGNMENT_BYTES : 0,
        isRegular() ? ALIGNMENT_BYTES : 0);
  }

  @Override
  public String toString() {
    return kind + " " + number;
  }
}
