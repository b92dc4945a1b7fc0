package dev.ringlet.examples.tail;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.FileStat;
import dev.ringlet.io.IoBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An open file, and how far it was read. On the executor, one stream at a time. */
final class FollowedFile {
  /** How much is read at a time while the last lines are looked for. */
  private static final int BLOCK_BYTES = 64 * 1024;

  private final Disk disk;
  private final AsyncFile file;
  private final Consumer<String> notice;
  private final LineSplitter splitter = new LineSplitter();
  private @Nullable FileStat identity;
  private long position;

  FollowedFile(Disk disk, AsyncFile file, Consumer<String> notice) {
    this.disk = disk;
    this.file = file;
    this.notice = notice;
  }

  /** To be called first: finds out which file it is, whatever its name will be. */
  Mono<FileStat> identify() {
    return disk.one(file::stat).doOnNext(found -> identity = found);
  }

  boolean is(FileStat other) {
    return identity != null && identity.isSameFile(other);
  }

  /** Leaves out all but the last lines. */
  Mono<Void> skipToLast(int lines) {
    return disk.one(file::size)
        .flatMap(size -> lastLines(new LastLines(lines, size), size))
        .doOnNext(search -> position = search.start())
        .then();
  }

  private Mono<LastLines> lastLines(LastLines search, long size) {
    return Flux.<Long, Long>generate(
            () -> size,
            (end, sink) -> {
              if (end > 0 && search.isLooking()) {
                sink.next(end);
              } else {
                sink.complete();
              }
              return Math.max(0, end - BLOCK_BYTES);
            })
        .concatMap(end -> look(search, Math.max(0, end - BLOCK_BYTES), end), 0)
        .then(Mono.just(search));
  }

  private Mono<Void> look(LastLines search, long from, long to) {
    return disk.one(() -> file.read(from, (int) (to - from)))
        .doOnNext(block -> search.look(from, bytesOf(block)))
        .then();
  }

  /** The lines that have been completed since the last time. */
  Flux<String> read() {
    return disk.one(file::size)
        .flatMapMany(
            size -> {
              if (size >= position) {
                return chunks();
              }
              notice.accept("file truncated");
              position = 0;
              return Flux.concat(rest(), chunks());
            });
  }

  private Flux<String> chunks() {
    ChunkOptions fromHere = ChunkOptions.defaults().withRange(position, Long.MAX_VALUE);
    // The buffers are used up at once, so that none of them waits in a queue.
    return disk.all(file.chunks(fromHere)).map(this::linesOf).concatMapIterable(lines -> lines, 1);
  }

  private List<String> linesOf(IoBuffer chunk) {
    byte[] bytes = bytesOf(chunk);
    position += bytes.length;
    return splitter.add(bytes);
  }

  private static byte[] bytesOf(IoBuffer buffer) {
    try {
      return buffer.readAll();
    } finally {
      buffer.release();
    }
  }

  /** The line that has begun and will not go on. */
  Flux<String> rest() {
    return Flux.defer(() -> Flux.fromIterable(splitter.rest()));
  }

  Mono<Void> close() {
    return disk.one(file::close);
  }
}
