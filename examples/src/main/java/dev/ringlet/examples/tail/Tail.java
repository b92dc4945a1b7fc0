package dev.ringlet.examples.tail;

import dev.ringlet.io.DirectoryEvent;
import dev.ringlet.io.DirectoryEvent.Kind;
import dev.ringlet.io.IoException;
import dev.ringlet.spi.Errno;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The lines of a file as it grows. It is followed by its name, as {@code tail -F} does: one that is
 * cut is read from its beginning, and when another file takes the name, that one is read after the
 * rest of the old one. A file that is not there is waited for. Of a name that is a symbolic link
 * only changes of the link itself are seen.
 *
 * <p>Whenever the directory tells that something has happened to the name, what is new is read;
 * without demand only a few lines are. What happens meanwhile is one event, for one look finds it
 * all.
 */
final class Tail {
  private static final int LINES_AHEAD = 64;

  private final Disk disk;
  private final Path file;
  private final Path directory;
  private final int lastLines;
  private final Consumer<String> notice;
  private final Mono<Void> stop;

  /** What is open. On the executor, as all that follows. */
  private @Nullable FollowedFile current;

  private boolean firstLook = true;
  private boolean missing;

  private Tail(Disk disk, Path file, int lastLines, Consumer<String> notice, Mono<Void> stop) {
    this.disk = disk;
    this.file = file.toAbsolutePath();
    this.directory = Objects.requireNonNull(this.file.getParent(), "the root is no file");
    this.lastLines = lastLines;
    this.notice = notice;
    this.stop = stop;
  }

  /**
   * Follows a file.
   *
   * @param disk where it is read
   * @param file its name; the directory must be there
   * @param lastLines how many lines of what is in it already; {@link Integer#MAX_VALUE} for all
   * @param notice hears, on the executor, what becomes of the file; must not block
   * @param stop ends it: no more is read, and when the file is closed it completes
   * @return its lines. Signals come from the executor; each subscriber reads for itself
   */
  static Flux<String> follow(
      Disk disk, Path file, int lastLines, Consumer<String> notice, Mono<Void> stop) {
    // Demand, cancel and stop get there too, so that the state has one thread.
    Scheduler executor = Schedulers.fromExecutor(disk.executor());
    return Flux.usingWhen(
            Mono.fromSupplier(
                () -> new Tail(disk, file, lastLines, notice, stop.publishOn(executor))),
            Tail::lines,
            Tail::forget)
        .publishOn(executor, LINES_AHEAD)
        .cancelOn(executor);
  }

  private Flux<String> lines() {
    return disk.all(disk.io().watch(directory))
        .filter(this::concernsTheFile)
        .takeUntilOther(stop)
        .onBackpressureLatest()
        .concatMap(event -> look().takeUntilOther(stop), 0);
  }

  private boolean concernsTheFile(DirectoryEvent event) {
    return event.kind() == Kind.STARTED
        || event.kind() == Kind.OVERFLOW
        || event.path().equals(file);
  }

  private Flux<String> look() {
    return Flux.concat(Flux.defer(this::readOn), Flux.defer(this::openWhatHasTheName));
  }

  private Flux<String> readOn() {
    return current == null ? Flux.empty() : current.read();
  }

  private Flux<String> openWhatHasTheName() {
    return orNothing(disk.one(() -> disk.io().paths().stat(file)))
        .flatMapMany(
            found -> {
              missing = false;
              FollowedFile before = current;
              if (before == null) {
                return open();
              }
              return before.is(found) ? Flux.<String>empty() : replace(before);
            })
        .doOnComplete(() -> firstLook = false);
  }

  /** The old file may have got more since it was read. */
  private Flux<String> replace(FollowedFile before) {
    notice.accept("has been replaced; following the new file");
    return Flux.concat(before.read(), before.rest(), forget().thenMany(Flux.defer(this::open)));
  }

  private Flux<String> open() {
    return orNothing(disk.one(() -> disk.io().open(file)))
        .flatMapMany(
            opened -> {
              FollowedFile followed = new FollowedFile(disk, opened, notice);
              current = followed;
              return orNothing(followed.identify())
                  .switchIfEmpty(forget().then(Mono.empty()))
                  .flatMapMany(found -> begin(followed));
            });
  }

  private Flux<String> begin(FollowedFile followed) {
    boolean skips = firstLook && lastLines < Integer.MAX_VALUE;
    return (skips ? followed.skipToLast(lastLines) : Mono.empty()).thenMany(followed.read());
  }

  /** A name without a file is told once, and waited for. */
  private <T> Mono<T> orNothing(Mono<T> found) {
    return found.onErrorResume(
        Tail::isMissing,
        failure -> {
          if (!missing) {
            missing = true;
            notice.accept(current == null ? "waiting for it to appear" : "has been taken away");
          }
          return Mono.empty();
        });
  }

  private static boolean isMissing(Throwable failure) {
    return failure instanceof IoException io
        && (io.errno() == Errno.ENOENT || io.errno() == Errno.ESTALE);
  }

  private Mono<Void> forget() {
    return Mono.defer(
        () -> {
          FollowedFile before = current;
          // Whoever cancels this has it closed by the clean-up, and twice does no harm.
          return before == null ? Mono.empty() : before.close().doOnTerminate(() -> current = null);
        });
  }
}
