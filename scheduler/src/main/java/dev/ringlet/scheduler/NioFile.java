package dev.ringlet.scheduler;

import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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

  /**
   * Lets writes go on side by side, but none during a truncation, which has to write to extend.
   * Waiting for it costs a thread of the pool, never the owner.
   */
  private final ReadWriteLock length = new ReentrantReadWriteLock();

  private int inFlight;
  private @Nullable NioFileTask waitingClose;

  NioFile(NioFiles files, FileChannel channel) {
    super(files.handles());
    this.files = files;
    this.channel = channel;
    files.handles().opened(this);
  }

  FileChannel channel() {
    return channel;
  }

  @Override
  void submit(IoRequest request) {
    switch (request.opcode) {
      case READ, WRITE, DATA_SYNC, TRUNCATE, SIZE -> {
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

  /** What is in flight completes regularly, and first. */
  private void close(IoRequest request) {
    NioFileTask close = take(request);
    startClosing();
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
      return channel.write(source, position);
    } finally {
      length.readLock().unlock();
    }
  }

  /** Sets the length. NIO only shortens files; to extend one a zero is written at its new end. */
  void truncate(long size) throws IOException {
    length.writeLock().lock();
    try {
      if (size <= channel.size()) {
        channel.truncate(size);
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
