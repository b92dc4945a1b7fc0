package dev.ringlet.testkit.sim;

import dev.ringlet.io.FileStat;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An open file as the kernel has it, whoever opened it: what each call comes to, at once. The
 * simulation's thread.
 */
final class OpenFile extends SimDescription {
  /** As of ext4 with blocks of 4096 bytes. */
  static final long MOST_BYTES = 1L << 44;

  private static final byte[] ZEROS = new byte[4096];

  private final SimDisk disk;
  private final Inode inode;
  private final int flags;
  private final int boot;
  private boolean closed;

  /**
   * Opens it.
   *
   * @param flags as of OPEN
   */
  OpenFile(SimDisk disk, Inode inode, int flags) {
    this.disk = disk;
    this.inode = inode;
    this.flags = flags;
    this.boot = disk.boot();
    inode.opens++;
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  @Override
  boolean isDirect() {
    return has(IoRequest.OPEN_DIRECT);
  }

  @Override
  boolean isFile() {
    return true;
  }

  @Override
  boolean isConnection() {
    return false;
  }

  @Override
  SimHandle handle(SimDriver driver) {
    return new SimFile(driver, this);
  }

  @Override
  void close(boolean withReset) {
    close();
  }

  boolean reads() {
    return has(IoRequest.OPEN_READ) || !has(IoRequest.OPEN_WRITE);
  }

  boolean writes() {
    return has(IoRequest.OPEN_WRITE);
  }

  @Override
  boolean appends() {
    return has(IoRequest.OPEN_APPEND);
  }

  /** Whether a write ends when it is on the disk. */
  boolean syncsWrites() {
    return has(IoRequest.OPEN_DATA_SYNC | IoRequest.OPEN_SYNC);
  }

  private void check(boolean allowed) throws DiskException {
    if (closed || !allowed) {
      throw new DiskException(Errno.EBADF);
    }
    if (boot != disk.boot()) {
      throw new DiskException(Errno.EIO);
    }
  }

  private void checkRange(long position, long count) throws DiskException {
    if (position < 0) {
      throw new DiskException(Errno.EINVAL);
    }
    if (has(IoRequest.OPEN_DIRECT) && ((position | count) & (Inode.ALIGNMENT_BYTES - 1)) != 0) {
      throw new DiskException(Errno.EINVAL);
    }
  }

  /**
   * What may be done at once of what is wanted, if no more is to be: direct I/O has whole blocks.
   */
  int part(int wanted, int most) {
    boolean blocks = has(IoRequest.OPEN_DIRECT) && (wanted & (Inode.ALIGNMENT_BYTES - 1)) == 0;
    return blocks
        ? Math.max(Inode.ALIGNMENT_BYTES, most / Inode.ALIGNMENT_BYTES * Inode.ALIGNMENT_BYTES)
        : most;
  }

  /** Fills the targets one after the other, up to so many bytes. */
  int read(long position, int most, ByteBuffer... targets) throws DiskException {
    check(reads());
    if (inode.isDirectory()) {
      throw new DiskException(Errno.EISDIR);
    }
    checkRange(position, most);
    int done = 0;
    for (ByteBuffer target : targets) {
      int part = Math.min(target.remaining(), most - done);
      ByteBuffer room = target.slice(target.position(), part);
      int read = readPart(position + done, room);
      target.position(target.position() + read);
      done += read;
      if (read < part) {
        break;
      }
    }
    inode.accessed(disk.nowNanos());
    return done;
  }

  private int readPart(long position, ByteBuffer room) {
    if (inode.isRegular()) {
      return inode.content.read(position, room);
    }
    int count = inode.text.equals(SimDisk.FULL) ? room.remaining() : 0;
    while (room.hasRemaining() && count > 0) {
      room.put(ZEROS, 0, Math.min(room.remaining(), ZEROS.length));
    }
    return count;
  }

  /** Writes up to so many bytes of the sources; fewer where the disk gets full. */
  int write(long position, int most, ByteBuffer... sources) throws DiskException {
    check(writes());
    checkRange(position, most);
    if (!inode.isRegular()) {
      return writeToDevice(most);
    }
    long at = appends() ? inode.content.size() : position;
    if (most == 0) {
      return 0;
    }
    if (at >= MOST_BYTES) {
      throw new DiskException(Errno.EFBIG);
    }
    int wanted = (int) Math.min(most, MOST_BYTES - at);
    int count = inode.content.fitting(at, wanted, disk.freePages());
    if (count == 0) {
      throw new DiskException(Errno.ENOSPC);
    }
    change(Change.write(disk.nextChange(), at, take(count, sources)));
    return count;
  }

  private int writeToDevice(int most) throws DiskException {
    if (inode.text.equals(SimDisk.FULL)) {
      throw new DiskException(Errno.ENOSPC);
    }
    return most;
  }

  private static byte[] take(int count, ByteBuffer... sources) {
    byte[] bytes = new byte[count];
    int done = 0;
    for (ByteBuffer source : sources) {
      int part = Math.min(source.remaining(), count - done);
      source.get(bytes, done, part);
      done += part;
    }
    return bytes;
  }

  private void change(Change change) {
    disk.change(inode, change);
  }

  /** Has a change of the content on the disk that this has written. */
  void syncWrite(long change) throws DiskException {
    check(true);
    inode.stable.syncWrite(change);
  }

  /** Has all on the disk up to a change: of a directory its names. */
  void sync(long change) throws DiskException {
    check(true);
    disk.sync(inode, change);
  }

  /** Only looks whether it could: it promises nothing. */
  void syncRange(long position) throws DiskException {
    check(true);
    if (position < 0) {
      throw new DiskException(Errno.EINVAL);
    }
  }

  /** The kernel could not write the pages, and has forgotten that. */
  void syncFailed(long change) {
    if (!closed && boot == disk.boot()) {
      inode.stable.lose(change);
    }
  }

  void truncate(long size) throws DiskException {
    check(true);
    if (!writes() || size < 0 || !inode.isRegular()) {
      throw new DiskException(Errno.EINVAL);
    }
    if (size > MOST_BYTES) {
      throw new DiskException(Errno.EFBIG);
    }
    disk.truncate(inode, size);
  }

  void allocate(long position, long count, int how) throws DiskException {
    check(writes());
    if (position < 0 || count <= 0) {
      throw new DiskException(Errno.EINVAL);
    }
    if (!inode.isRegular()) {
      throw new DiskException(Errno.ENODEV);
    }
    if (count > MOST_BYTES - position) {
      throw new DiskException(Errno.EFBIG);
    }
    long end = position + count;
    if ((how & IoRequest.ALLOCATE_PUNCH_HOLE) != 0) {
      change(Change.of(disk.nextChange(), Change.Kind.PUNCH, position, end));
      return;
    }
    long pages = count / Content.PAGE_BYTES - inode.content.allocatedBytes() / Content.PAGE_BYTES;
    if (pages > disk.freePages() || inode.content.missing(position, end) > disk.freePages()) {
      throw new DiskException(Errno.ENOSPC);
    }
    change(Change.of(disk.nextChange(), Change.Kind.RESERVE, position, end));
    if ((how & IoRequest.ALLOCATE_KEEP_SIZE) == 0 && end > inode.content.size()) {
      change(Change.of(disk.nextChange(), Change.Kind.GROW, position, end));
    }
  }

  long size() throws DiskException {
    check(true);
    return inode.size();
  }

  FileStat stat() throws DiskException {
    check(true);
    return inode.stat();
  }

  /** Takes or releases a lock; false if somebody else has one against it. */
  boolean lock(long position, long count, int how) throws DiskException {
    boolean release = how == IoRequest.LOCK_RELEASE;
    boolean shared = how == IoRequest.LOCK_SHARED;
    check(release || (shared ? reads() : writes()));
    if (position < 0 || count < 0) {
      throw new DiskException(Errno.EINVAL);
    }
    long end = count == 0 || count > Long.MAX_VALUE - position ? Long.MAX_VALUE : position + count;
    if (release) {
      inode.locks.release(this, position, end);
    } else if (inode.locks.against(this, position, end, shared) != null) {
      return false;
    } else {
      inode.locks.lock(this, position, end, shared);
    }
    return true;
  }

  /** Who holds a lock against one that is wanted. */
  @Nullable OpenFile lockedBy(long position, long end, boolean shared) {
    return inode.locks.against(this, position, end, shared);
  }

  boolean isClosed() {
    return closed;
  }

  /** However many have it. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (boot == disk.boot()) {
      inode.opens--;
      inode.locks.releaseAll(this);
      disk.freeIfGone(inode);
    }
  }
}
