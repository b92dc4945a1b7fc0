package dev.ringlet.scheduler;

import dev.ringlet.io.FileStat;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * An open file. Owner executor only, but for {@link #write}, {@link #truncate} and the channel,
 * which the pool's threads use.
 */
final class NioFile extends NioHandle {
  private final NioFiles files;
  private final FileChannel channel;
  private final NioOpening opening;
  private final NioLocks locks;

  /**
   * Lets writes go on side by side, but none during a truncation, which has to write to extend.
   * Waiting for it costs a thread of the pool, never the owner.
   */
  private final ReadWriteLock length = new ReentrantReadWriteLock();

  private final List<NioSplice> splices = new ArrayList<>(0);
  private int inFlight;
  private @Nullable NioFileTask waitingClose;

  NioFile(NioFiles files, NioOpening opening) {
    super(files.handles());
    this.files = files;
    this.opening = opening;
    this.channel = opening.channel();
    this.locks = new NioLocks(channel);
    files.handles().opened(this);
  }

  FileChannel channel() {
    return channel;
  }

  @Override
  void submit(IoRequest request) {
    switch (request.opcode) {
      case READ,
          WRITE,
          READ_VECTOR,
          WRITE_VECTOR,
          DATA_SYNC,
          SYNC,
          SYNC_RANGE,
          ALLOCATE,
          TRUNCATE,
          SIZE,
          STAT,
          LOCK -> {
        inFlight++;
        files.execute(take(request));
      }
      case CLOSE -> close(request);
      default -> refuse(request);
    }
  }

  private NioFileTask take(IoRequest request) {
    NioFileTask task = new NioFileTask(files, this, request);
    completions().take(task);
    return task;
  }

  NioFiles files() {
    return files;
  }

  /** It is one end of what goes between it and a channel, until {@link #remove}. */
  void add(NioSplice splice) {
    inFlight++;
    splices.add(splice);
  }

  void remove(NioSplice splice) {
    splices.remove(splice);
    leave();
  }

  /** What is in flight completes regularly, and first; what waits for others is cancelled. */
  private void close(IoRequest request) {
    NioFileTask close = take(request);
    startClosing();
    List.copyOf(splices).forEach(NioSplice::cancel);
    if (inFlight == 0) {
      files.execute(close);
    } else {
      waitingClose = close;
    }
  }

  /** A task on this file has ended. */
  void ended(NioFileTask task) {
    if (task.request.opcode == IoOpcode.CLOSE) {
      return;
    }
    leave();
  }

  private void leave() {
    inFlight--;
    NioFileTask close = waitingClose;
    if (inFlight == 0 && close != null) {
      waitingClose = null;
      files.execute(close);
    }
  }

  int write(ByteBuffer source, long position) throws IOException {
    length.readLock().lock();
    try {
      return opening.appends() ? channel.write(source) : channel.write(source, position);
    } finally {
      length.readLock().unlock();
    }
  }

  /** Buffer by buffer: channels have vectors only for their own position. */
  int transfer(IoRequest request) throws IOException {
    int skip = request.bufferOffset;
    int done = 0;
    for (IoBuffer buffer : request.buffers) {
      ByteBuffer part = NioMemory.part(request, buffer);
      int begin = Math.min(skip, part.remaining());
      int wanted = Math.min(request.length - done, part.remaining() - begin);
      skip -= begin;
      if (wanted > 0) {
        int moved = transfer(request, part.slice(begin, wanted), done);
        done += moved;
        if (moved < wanted) {
          break;
        }
      }
    }
    return done;
  }

  private int transfer(IoRequest request, ByteBuffer part, int done) throws IOException {
    long position = request.position + done;
    try {
      return request.opcode == IoOpcode.READ_VECTOR
          ? Math.max(0, channel.read(part, position))
          : write(part, position);
    } catch (IOException e) {
      if (done == 0) {
        throw e;
      }
      return 0; // what came before counts; whoever goes on from there meets the failure again
    }
  }

  FileStat stat() throws IOException {
    Path path = opening.path();
    FileStat opened = opening.stat();
    if (path == null || opened == null) {
      throw new NioUnsupportedException(
          "NIO looks open files up by name, and this one has none; use the io_uring driver");
    }
    return NioStat.ofOpen(path, opened);
  }

  NioLocks locks() {
    return locks;
  }

  /** Sets the length. NIO only shortens files; to extend one a zero is written at its new end. */
  void truncate(long size) throws IOException {
    length.writeLock().lock();
    try {
      if (size <= channel.size()) {
        channel.truncate(size);
      } else if (opening.appends()) {
        throw new NioUnsupportedException(
            "NIO cannot extend a file that it appends to; open it without APPEND for that");
      } else {
        channel.write(ByteBuffer.allocate(1), size - 1);
      }
    } finally {
      length.writeLock().unlock();
    }
  }

  /** The tasks are cancelled where they wait, by {@link NioFiles#cancelAll}. */
  @Override
  void cancelAll() {}

  @Override
  void closeAtEnd() {
    try {
      channel.close();
    } catch (IOException e) {
      System.getLogger(NioFile.class.getName())
          .log(System.Logger.Level.WARNING, "closing a file at the end of its driver", e);
    }
  }

  @Override
  public String toString() {
    return "file " + channel;
  }
}
