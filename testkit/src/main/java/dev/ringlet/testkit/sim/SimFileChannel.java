package dev.ringlet.testkit.sim;

import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file of the simulated disk, opened by the JDK's calls. The simulation's thread. */
final class SimFileChannel extends FileChannel {
  private static final int COPY_BYTES = 1 << 16;

  private final SimDisk disk;
  private final OpenFile file;
  private long position;

  SimFileChannel(SimDisk disk, OpenFile file) {
    this.disk = disk;
    this.file = file;
    disk.viewed(file);
  }

  /** What the kernel does, with its errors as the JDK gives them. */
  @FunctionalInterface
  private interface Call {
    long run() throws DiskException;
  }

  private long call(Call call) throws IOException {
    if (!isOpen() || file.isClosed()) {
      throw new ClosedChannelException();
    }
    try {
      return call.run();
    } catch (DiskException e) {
      throw new IOException(SimFileSystemProvider.reason(e.errno()));
    }
  }

  private void checkReads() {
    if (!file.reads()) {
      throw new NonReadableChannelException();
    }
  }

  private void checkWrites() {
    if (!file.writes()) {
      throw new NonWritableChannelException();
    }
  }

  private static void checkPosition(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("position: " + position + "; give zero or more");
    }
  }

  private long readAt(long from, ByteBuffer... targets) throws IOException {
    checkReads();
    long wanted = remaining(targets);
    long read = call(() -> file.read(from, (int) wanted, targets));
    return read == 0 && wanted > 0 ? -1 : read;
  }

  private long writeAt(long to, ByteBuffer... sources) throws IOException {
    checkWrites();
    int wanted = (int) remaining(sources);
    return call(
        () -> {
          int written = file.write(to, wanted, sources);
          if (file.syncsWrites() && written > 0) {
            file.syncWrite(disk.changes());
          }
          return written;
        });
  }

  private static long remaining(ByteBuffer... buffers) {
    long bytes = 0;
    for (ByteBuffer buffer : buffers) {
      bytes += buffer.remaining();
    }
    return Math.min(bytes, Integer.MAX_VALUE);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return (int) read(new ByteBuffer[] {target}, 0, 1);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    long read = readAt(position, part(targets, offset, length));
    position += Math.max(0, read);
    return read;
  }

  @Override
  public int read(ByteBuffer target, long from) throws IOException {
    checkPosition(from);
    return (int) readAt(from, target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return (int) write(new ByteBuffer[] {source}, 0, 1);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    long written = writeAt(position, part(sources, offset, length));
    position = file.appends() ? size() : position + written;
    return written;
  }

  @Override
  public int write(ByteBuffer source, long to) throws IOException {
    checkPosition(to);
    return (int) writeAt(to, source);
  }

  private static ByteBuffer[] part(ByteBuffer[] buffers, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffers.length);
    return Arrays.copyOfRange(buffers, offset, offset + length);
  }

  @Override
  public long position() throws IOException {
    return call(() -> position);
  }

  @Override
  public FileChannel position(long next) throws IOException {
    checkPosition(next);
    position = call(() -> next);
    return this;
  }

  @Override
  public long size() throws IOException {
    return call(file::size);
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    checkPosition(size);
    checkWrites();
    if (size < size()) {
      var unused =
          call(
              () -> {
                file.truncate(size);
                return 0;
              });
    }
    position = Math.min(position, size);
    return this;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    var unused =
        call(
            () -> {
              file.sync(disk.changes());
              return 0;
            });
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
    checkPosition(from);
    long done = 0;
    while (done < count) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count - done, COPY_BYTES));
      if (readAt(from + done, bytes) <= 0) {
        break;
      }
      bytes.flip();
      int read = bytes.remaining();
      int written = target.write(bytes);
      done += written;
      if (written < read) {
        break;
      }
    }
    return done;
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long to, long count) throws IOException {
    checkPosition(to);
    long done = 0;
    while (done < count) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count - done, COPY_BYTES));
      if (source.read(bytes) <= 0) {
        break;
      }
      bytes.flip();
      while (bytes.hasRemaining()) {
        done += writeAt(to + done, bytes);
      }
    }
    return done;
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long from, long size) {
    throw new UnsupportedOperationException("files of the simulated disk cannot be mapped");
  }

  @Override
  public FileLock lock(long from, long size, boolean shared) throws IOException {
    FileLock lock = tryLock(from, size, shared);
    if (lock == null) {
      throw new IOException("the simulation would wait for a lock on its only thread");
    }
    return lock;
  }

  /** As in one process: a lock of another channel is a mistake, one of a driver's file is not. */
  @Override
  public @Nullable FileLock tryLock(long from, long size, boolean shared) throws IOException {
    checkPosition(from);
    if (shared) {
      checkReads();
    } else {
      checkWrites();
    }
    long end = size > Long.MAX_VALUE - from ? Long.MAX_VALUE : from + size;
    OpenFile holder = file.lockedBy(from, end, shared);
    if (holder != null && disk.isViewed(holder)) {
      throw new OverlappingFileLockException();
    }
    int how = shared ? IoRequest.LOCK_SHARED : IoRequest.LOCK_EXCLUSIVE;
    long taken = call(() -> file.lock(from, size == Long.MAX_VALUE ? 0 : size, how) ? 1 : 0);
    return taken == 1 ? new Lock(from, size, shared) : null;
  }

  @Override
  protected void implCloseChannel() {
    file.close();
  }

  private final class Lock extends FileLock {
    private boolean released;

    Lock(long from, long size, boolean shared) {
      super(SimFileChannel.this, from, size, shared);
    }

    @Override
    public boolean isValid() {
      return !released && SimFileChannel.this.isOpen();
    }

    @Override
    public void release() throws IOException {
      if (!released) {
        released = true;
        long count = size() == Long.MAX_VALUE ? 0 : size();
        var unused = call(() -> file.lock(position(), count, IoRequest.LOCK_RELEASE) ? 1 : 0);
      }
    }
  }
}
