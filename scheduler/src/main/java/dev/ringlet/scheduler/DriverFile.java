package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.FileOutput;
import dev.ringlet.io.FilePart;
import dev.ringlet.io.FileRange;
import dev.ringlet.io.FileStat;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.MergeOptions;
import dev.ringlet.io.OutputOptions;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A file over a driver's handle: checks arguments and makes operations. */
final class DriverFile implements AsyncFile {
  /** Of a vector, in bytes, as of one buffer. */
  private static final int MAX_LENGTH = 1 << 30;

  /** IOV_MAX of Linux. */
  private static final int MAX_BUFFERS = 1024;

  private final CoreExecutor executor;
  private final IoHandle handle;
  private final Path path;
  private final int alignment;
  private final FileTurns turns = new FileTurns();

  /** Of a file that was opened for appending. */
  private final @Nullable AppendQueue appendQueue;

  DriverFile(CoreExecutor executor, IoHandle handle, Path path, int alignment, boolean appends) {
    this.executor = executor;
    this.handle = handle;
    this.path = path;
    this.alignment = alignment;
    this.appendQueue = appends ? new AppendQueue(turns) : null;
  }

  /** The file, if this executor may read that range of it. */
  static DriverFile source(AsyncFile file, CoreExecutor executor, long position, long length) {
    checkNotNegative("position", position);
    checkNotNegative("length", length);
    if (file instanceof DriverFile own && own.executor == executor) {
      return own;
    }
    throw new IllegalArgumentException(
        "file: " + file + " is not of " + executor + "; open it through the io of this executor");
  }

  /** The file, if this executor may write there. */
  static DriverFile target(AsyncFile file, CoreExecutor executor, long position, long length) {
    DriverFile own = source(file, executor, position, length);
    if (own.alignment > 1 || own.appends()) {
      throw new IllegalArgumentException(
          "target: " + file + "; open it with neither FileOption.DIRECT nor APPEND");
    }
    return own;
  }

  CoreExecutor executor() {
    return executor;
  }

  IoHandle handle() {
    return handle;
  }

  FileTurns turns() {
    return turns;
  }

  boolean appends() {
    return appendQueue != null;
  }

  @Nullable AppendQueue appendQueue() {
    return appendQueue;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public int alignment() {
    return alignment;
  }

  @Override
  public IoOp<IoBuffer> read(long position, int length) {
    return read(position, length, false);
  }

  @Override
  public IoOp<IoBuffer> readExactly(long position, int length) {
    return read(position, length, true);
  }

  FileRead read(long position, int length, boolean exactly) {
    checkNotNegative("position", position);
    executor.buffers().checkFits("length", length);
    return new FileRead(this, position, length, exactly);
  }

  @Override
  public IoOp<List<IoBuffer>> read(long position, List<IoBuffer> buffers) {
    checkNotNegative("position", position);
    List<IoBuffer> targets = List.copyOf(buffers);
    checkAligned("position", position);
    long bytes = 0;
    for (IoBuffer target : targets) {
      checkMemory(target, target.writerIndex(), target.writableBytes());
      bytes += target.writableBytes();
    }
    if (bytes == 0) {
      throw new IllegalArgumentException("buffers: " + buffers + "; nothing is writable in them");
    }
    return new FileVectorRead(this, position, targets, checkVector(targets, bytes));
  }

  @Override
  public IoOp<Integer> write(long position, IoBuffer buffer) {
    checkWrite(position);
    checkSource(buffer);
    return new FileWrite(this, position, buffer);
  }

  @Override
  public IoOp<Integer> write(long position, List<IoBuffer> buffers) {
    checkWrite(position);
    return write(buffers, position);
  }

  @Override
  public IoOp<Integer> append(IoBuffer buffer) {
    checkAppend();
    checkSource(buffer);
    return new FileWrite(this, 0, buffer);
  }

  @Override
  public IoOp<Integer> append(List<IoBuffer> buffers) {
    checkAppend();
    return write(buffers, 0);
  }

  private FileWrite write(List<IoBuffer> buffers, long position) {
    List<IoBuffer> sources = List.copyOf(buffers);
    long bytes = 0;
    for (IoBuffer source : sources) {
      checkSource(source);
      bytes += source.readableBytes();
    }
    int total = checkVector(sources, bytes);
    return new FileWrite(this, position, sources.toArray(new IoBuffer[0]), total);
  }

  @Override
  public IoStream<IoBuffer> chunks(ChunkOptions options) {
    return new ChunkStream(executor, this, options);
  }

  @Override
  public IoStream<FilePart> parts(Iterable<FileRange> ranges, MergeOptions options) {
    return new PartStream(executor, this, () -> new IteratorRanges(ranges.iterator()), options);
  }

  @Override
  public <T> IoStream<FilePart> parts(
      IoStream<T> requests, Function<? super T, FileRange> range, MergeOptions options) {
    HomeStream<T> source = HomeStream.own(requests);
    if (source.home() != executor) {
      throw new IllegalArgumentException(
          "requests: " + requests + " is of another executor; open it through the io of this one");
    }
    return new PartStream(executor, this, () -> new StreamRanges<>(source, range), options);
  }

  @Override
  public FileOutput output(OutputOptions options) {
    checkWrite(options.from());
    if (alignment > 1) {
      throw new IllegalStateException(
          path
              + ": an output writes pieces of any length, and direct I/O none; open the file without"
              + " DIRECT");
    }
    return new WriteBehind(executor, this, options);
  }

  @Override
  public IoOp<Void> dataSync() {
    return new FileCommand(this, "fdatasync", IoOpcode.DATA_SYNC);
  }

  @Override
  public IoOp<Void> sync() {
    return new FileCommand(this, "fsync", IoOpcode.SYNC);
  }

  @Override
  public IoOp<Void> syncRange(long position, long length) {
    checkRange(position, length, 1);
    return new FileRangeSync(this, position, position + length);
  }

  @Override
  public IoOp<Long> size() {
    return new FileFact<>(this, "size", IoOpcode.SIZE, Long.class);
  }

  @Override
  public IoOp<FileStat> stat() {
    return new FileFact<>(this, "stat", IoOpcode.STAT, FileStat.class);
  }

  @Override
  public IoOp<Void> truncate(long size) {
    checkNotNegative("size", size);
    return new FileCommand(this, "truncate", IoOpcode.TRUNCATE, size, 0, 0);
  }

  @Override
  public IoOp<Void> allocate(long position, long length, boolean keepSize) {
    checkRange(position, length, 1);
    int flags = keepSize ? IoRequest.ALLOCATE_KEEP_SIZE : 0;
    return new FileCommand(this, "allocate", IoOpcode.ALLOCATE, position, length, flags);
  }

  @Override
  public IoOp<Void> punchHole(long position, long length) {
    checkRange(position, length, 1);
    int flags = IoRequest.ALLOCATE_PUNCH_HOLE;
    return new FileCommand(this, "punchHole", IoOpcode.ALLOCATE, position, length, flags);
  }

  @Override
  public IoOp<Long> copyRangeTo(long position, AsyncFile target, long targetPosition, long length) {
    checkNotNegative("position", position);
    checkNotNegative("targetPosition", targetPosition);
    checkNotNegative("length", length);
    DriverFile other = checkTarget(target);
    boolean overlaps = Math.abs(position - targetPosition) < length;
    if (other == this && overlaps) {
      throw new IllegalArgumentException(
          "targetPosition: " + targetPosition + "; give one that is " + length + " bytes away");
    }
    return new FileCopy(this, position, other, targetPosition, length);
  }

  private DriverFile checkTarget(AsyncFile target) {
    if (!(target instanceof DriverFile other) || other.executor != executor) {
      throw new IllegalArgumentException(
          "target: " + target + " is of another executor; open it through the io of this one");
    }
    if (alignment > 1 || other.alignment > 1) {
      throw new IllegalArgumentException(
          "target: " + target + "; open both files without FileOption.DIRECT to copy");
    }
    if (other.appends()) {
      throw new IllegalArgumentException(
          "target: " + target + " was opened with APPEND; open it with WRITE");
    }
    return other;
  }

  @Override
  public IoOp<Boolean> tryLock(long position, long length, boolean shared) {
    checkRange(position, length, 0);
    int kind = shared ? IoRequest.LOCK_SHARED : IoRequest.LOCK_EXCLUSIVE;
    return new FileLockOperation(this, position, length, kind);
  }

  @Override
  public IoOp<Void> unlock(long position, long length) {
    checkRange(position, length, 0);
    int release = IoRequest.LOCK_RELEASE;
    return new FileCommand(this, "unlock", IoOpcode.LOCK, position, length, release);
  }

  @Override
  public IoOp<Void> close() {
    return new FileClose(executor, handle, turns, path.toString());
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private static void checkNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": " + value + "; give zero or more");
    }
  }

  private static void checkRange(long position, long length, int least) {
    checkNotNegative("position", position);
    if (length < least || length > Long.MAX_VALUE - position) {
      throw new IllegalArgumentException(
          "length: " + length + "; give " + least + " to " + (Long.MAX_VALUE - position));
    }
  }

  private void checkWrite(long position) {
    checkNotNegative("position", position);
    if (appends()) {
      throw new IllegalStateException(
          path + " was opened with APPEND; use append, or open it with WRITE");
    }
    checkAligned("position", position);
  }

  private void checkAppend() {
    if (!appends()) {
      throw new IllegalStateException(path + " was not opened with APPEND; open it with that");
    }
  }

  private void checkSource(IoBuffer buffer) {
    checkMemory(buffer, buffer.readerIndex(), buffer.readableBytes());
  }

  private void checkMemory(IoBuffer buffer, int index, int length) {
    if (alignment > 1) {
      checkAligned("bytes", length);
      // Without an address the memory itself begins aligned, as that of the driver does.
      long address = buffer.address();
      checkAligned("memory", (address == 0 ? buffer.offset() : address) + index);
    }
  }

  private void checkAligned(String name, long value) {
    if ((value & (alignment - 1)) != 0) {
      throw new IllegalArgumentException(
          name
              + ": "
              + value
              + " is not a multiple of "
              + alignment
              + ", the alignment of direct I/O on "
              + path
              + "; align it, or open the file without FileOption.DIRECT");
    }
  }

  private static int checkVector(List<IoBuffer> buffers, long bytes) {
    if (buffers.isEmpty() || buffers.size() > MAX_BUFFERS) {
      throw new IllegalArgumentException(
          "buffers: " + buffers.size() + "; give 1 to " + MAX_BUFFERS);
    }
    if (bytes > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "buffers: " + bytes + " bytes; give " + MAX_LENGTH + " at most");
    }
    return (int) bytes;
  }
}
