package dev.ringlet.benchmarks.reactive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Files as publishers over what the JDK has, with a buffer of the heap for each chunk. */
final class FilePublishers {
  private FilePublishers() {}

  /** A channel that blocks whoever asks. */
  static Flux<ByteBuffer> generated(Path path, int chunkBytes) {
    return Flux.generate(
        () -> FileChannel.open(path),
        (channel, sink) -> {
          ByteBuffer buffer = ByteBuffer.allocate(chunkBytes);
          try {
            if (channel.read(buffer) < 0) {
              sink.complete();
            } else {
              sink.next(buffer.flip());
            }
          } catch (IOException failure) {
            sink.error(failure);
          }
          return channel;
        },
        FilePublishers::close);
  }

  /** A channel that calls back from a thread of its pool; one read at a time, while wanted. */
  static Flux<ByteBuffer> asynchronous(Path path, int chunkBytes) {
    return Flux.create(
        sink -> {
          try {
            Reading reading = new Reading(AsynchronousFileChannel.open(path), chunkBytes, sink);
            sink.onDispose(() -> close(reading.channel));
            sink.onRequest(count -> reading.goOn());
          } catch (IOException failure) {
            sink.error(failure);
          }
        });
  }

  /** The lines of a reader that blocks whoever asks. */
  static Flux<String> lines(Path path) {
    return Flux.generate(
        () -> Files.newBufferedReader(path),
        (reader, sink) -> {
          try {
            String line = reader.readLine();
            if (line == null) {
              sink.complete();
            } else {
              sink.next(line);
            }
          } catch (IOException failure) {
            sink.error(failure);
          }
          return reader;
        },
        FilePublishers::close);
  }

  private static void close(Closeable file) {
    try {
      file.close();
    } catch (IOException failure) {
      throw Exceptions.propagate(failure);
    }
  }

  /** Reads while there is demand, and pauses without. */
  private static final class Reading implements CompletionHandler<Integer, ByteBuffer> {
    private final AsynchronousFileChannel channel;
    private final int chunkBytes;
    private final FluxSink<ByteBuffer> sink;
    private final AtomicBoolean running = new AtomicBoolean();
    private long position;

    Reading(AsynchronousFileChannel channel, int chunkBytes, FluxSink<ByteBuffer> sink) {
      this.channel = channel;
      this.chunkBytes = chunkBytes;
      this.sink = sink;
    }

    void goOn() {
      if (running.compareAndSet(false, true)) {
        readOrPause();
      }
    }

    private void readOrPause() {
      if (sink.requestedFromDownstream() > 0) {
        ByteBuffer buffer = ByteBuffer.allocate(chunkBytes);
        channel.read(buffer, position, buffer, this);
      } else {
        running.set(false);
        // What was asked for meanwhile has found it running.
        if (sink.requestedFromDownstream() > 0) {
          goOn();
        }
      }
    }

    @Override
    public void completed(Integer bytes, ByteBuffer buffer) {
      if (bytes < 0) {
        sink.complete();
        return;
      }
      position += bytes;
      sink.next(buffer.flip());
      readOrPause();
    }

    @Override
    public void failed(Throwable failure, ByteBuffer buffer) {
      sink.error(failure);
    }
  }
}
