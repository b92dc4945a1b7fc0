package dev.ringlet.scheduler;

import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.IoBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file ahead of the one who takes its chunks. The window of reads under way begins with one
 * and doubles with each whole chunk, so that small files cost no reads behind their end.
 *
 * <p>The end of the file is where the first short read ends: what a read behind it finds, because
 * the file has grown meanwhile, is not looked at, or there would be a hole. Owner executor only.
 */
final class ChunkFeed extends ReadingFeed<IoBuffer> {
  private final DriverFile file;
  private final ChunkOptions options;
  private final ArrayDeque<Fetch<IoBuffer>> window = new ArrayDeque<>();
  private int windowLimit = 1;
  private long next;
  private boolean atEnd;

  ChunkFeed(
      CoreExecutor executor,
      ActorCell<?> cell,
      Outlet<? super IoBuffer> outlet,
      DriverFile file,
      ChunkOptions options) {
    super(executor, cell, outlet);
    this.file = file;
    this.options = options;
    this.next = options.from();
  }

  @Override
  void refill() {
    while (window.size() < windowLimit && next < options.to() && !atEnd && mayRead()) {
      int length = (int) Math.min(options.chunkBytes(), options.to() - next);
      Fetch<IoBuffer> fetch = new Fetch<>(this, file.read(next, length), length);
      next += length;
      window.add(fetch);
      readBegins();
      fetch.start();
    }
  }

  @Override
  boolean isReady() {
    Fetch<IoBuffer> first = window.peek();
    return first != null && first.isDone();
  }

  @Override
  @Nullable IoBuffer poll() {
    IoBuffer chunk = pollFirst();
    if (window.isEmpty()) {
      holdsNothing();
    }
    return chunk;
  }

  private @Nullable IoBuffer pollFirst() {
    Fetch<IoBuffer> first = window.remove();
    if (first.failure() != null) {
      fail(first.failure());
      return null;
    }
    IoBuffer chunk = first.take();
    if (chunk.readableBytes() < first.length()) {
      atEnd = true;
      dropReads();
    } else {
      windowLimit = Math.min(windowLimit * 2, options.readAhead());
    }
    if (chunk.readableBytes() == 0) {
      chunk.release();
      return null;
    }
    return chunk;
  }

  @Override
  boolean isExhausted() {
    return window.isEmpty() && (atEnd || next >= options.to());
  }

  /** The window begins with one again: memory is short. */
  @Override
  void forget() {
    for (Fetch<IoBuffer> fetch : window) {
      next -= fetch.length();
    }
    windowLimit = 1;
    dropReads();
  }

  @Override
  void dropReads() {
    for (Fetch<IoBuffer> fetch = window.poll(); fetch != null; fetch = window.poll()) {
      fetch.drop();
    }
  }

  @Override
  String subject() {
    return "chunks " + file;
  }
}
