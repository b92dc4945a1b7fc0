package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.FileOutput;
import dev.ringlet.io.FilePart;
import dev.ringlet.io.FileRange;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.MergeOptions;
import dev.ringlet.io.OutputOptions;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file over a driver's handle. */
final class DriverFile implements AsyncFile {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final Path path;
  private final FileTurns turns = new FileTurns();

  DriverFile(CoreExecutor executor, IoHandle handle, Path path) {
    this.executor = executor;
    this.handle = handle;
    this.path = path;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public IoOp<IoBuffer> read(long position, int length) {
    checkPosition(position);
    executor.buffers().checkFits("length", length);
    return new Read(position, length);
  }

  @Override
  public IoOp<Integer> write(long position, IoBuffer buffer) {
    checkPosition(position);
    return new Write(position, buffer);
  }

  @Override
  public IoStream<IoBuffer> chunks(ChunkOptions options) {
    return new ChunkStream(executor, this, options);
  }

  @Override
  public IoStream<FilePart> parts(List<FileRange> ranges, MergeOptions options) {
    return new PartStream(executor, this, List.copyOf(ranges), options);
  }

  @Override
  public FileOutput output(OutputOptions options) {
    return new WriteBehind(executor, this, options);
  }

  @Override
  public IoOp<Void> dataSync() {
    return new Command("fdatasync", IoOpcode.DATA_SYNC);
  }

  @Override
  public IoOp<Long> size() {
    return new Size();
  }

  @Override
  public IoOp<Void> truncate(long size) {
    checkPosition(size);
    Command truncate = new Command("truncate", IoOpcode.TRUNCATE);
    truncate.position = size;
    return truncate;
  }

  @Override
  public IoOp<Void> close() {
    return new FileClose(executor, handle, turns, path.toString());
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private static void checkPosition(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("position: " + position + "; give zero or more");
    }
  }

  private abstract class FileOperation<T> extends DiskOperation<T> {
    FileOperation(String name, IoOpcode opcode) {
      super(DriverFile.this.executor, name, turns);
      this.opcode = opcode;
      this.handle = DriverFile.this.handle;
    }

    @Override
    final String subject() {
      return DriverFile.this.path.toString();
    }
  }

  /** Reads on after short reads, until the length or the end of the file is reached. */
  private final class Read extends FileOperation<IoBuffer> {
    private final long first;
    private final int wanted;
    private int done;

    Read(long position, int length) {
      super("read", IoOpcode.READ);
      this.first = position;
      this.wanted = length;
      this.position = position;
      this.length = length;
    }

    @Override
    void begin() {
      lease(wanted);
    }

    @Override
    void leased(IoBuffer memory) {
      buffer = memory;
      submit();
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
        return true;
      }
      done += result;
      if (result > 0 && done < wanted && !isCancelled()) {
        position = first + done;
        bufferOffset = done;
        length = wanted - done;
        submit();
        return false;
      }
      if (done < wanted && result > 0) {
        fail(Errno.ECANCELED, null);
        return true;
      }
      succeed(Objects.requireNonNull(buffer).setIndex(0, done));
      buffer = null;
      return true;
    }

    @Override
    void ended() {
      releaseBuffer();
    }

    @Override
    void discard(IoBuffer value) {
      value.release();
    }
  }

  /** Writes on after short writes. */
  private final class Write extends FileOperation<Integer> {
    private final long first;
    private final int offset;
    private final int total;
    private int done;

    Write(long position, IoBuffer source) {
      super("write", IoOpcode.WRITE);
      this.first = position;
      this.buffer = source;
      this.offset = source.readerIndex();
      this.total = source.readableBytes();
      this.position = position;
      this.bufferOffset = offset;
      this.length = total;
    }

    @Override
    void begin() {
      if (total == 0) {
        complete(0, null);
      } else {
        submit();
      }
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
        return true;
      }
      done += result;
      if (done == total) {
        succeed(total);
        return true;
      }
      if (result == 0 || isCancelled()) {
        fail(result == 0 ? Errno.EIO : Errno.ECANCELED, null);
        return true;
      }
      position = first + done;
      bufferOffset = offset + done;
      length = total - done;
      submit();
      return false;
    }

    @Override
    void ended() {
      releaseBuffer();
    }
  }

  /** Without a value: data sync, truncate. */
  private final class Command extends FileOperation<Void> {
    Command(String name, IoOpcode opcode) {
      super(name, opcode);
    }

    @Override
    void begin() {
      submit();
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
      }
      return true;
    }
  }

  private final class Size extends FileOperation<Long> {
    Size() {
      super("size", IoOpcode.SIZE);
    }

    @Override
    void begin() {
      submit();
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
      } else {
        succeed((Long) payload);
      }
      return true;
    }
  }
}
