package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.io.AsyncFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * The kinds of publishers, processors included, for the tests of what holds for each of them: a
 * line each. They publish the numbers from 0, or something that prints as these.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lambdas keep nothing
enum PublisherKind {
  FROM(PublisherKind::lines),
  OF(
      (on, count) ->
          Publishers.<Long>of(
              on.executor(), sink -> new Counting(sink, count), ActorOptions.defaults())),
  ONE(1, (on, count) -> Publishers.one(on.executor(), emptyFile(on)::size)),
  FROM_STAGE(
      1,
      (on, count) ->
          Publishers.fromStage(
              on.executor(),
              () -> CompletableFuture.supplyAsync(() -> 0L),
              DemandOptions.<Long>batch(1))),
  GENERATE(
      (on, count) ->
          Publishers.generate(
              on.executor(),
              () -> new long[1],
              (next, sink) -> {
                if (next[0] == count) {
                  sink.complete();
                } else {
                  sink.next(next[0]++);
                }
              })),
  UNFOLD(
      (on, count) ->
          Publishers.unfold(on.executor(), 0L, n -> n < count ? new Unfolded<>(n, n + 1) : null)),
  PUSH((on, count) -> Pushed.numbers(on, 1_024, count)),
  ON_EXECUTOR((on, count) -> ProcessorKind.ON_EXECUTOR.of(on, numbers(count))),
  ASK_EACH((on, count) -> ProcessorKind.ASK_EACH.of(on, numbers(count))),
  THROUGH_ACTOR((on, count) -> ProcessorKind.THROUGH_ACTOR.of(on, numbers(count))),
  MULTICAST(
      (on, count) ->
          Processors.multicast(numbers(count), on.executor(), MulticastOptions.<Long>slowest(32)));

  /** More than a test takes. */
  static final long ENDLESS = Long.MAX_VALUE;

  private static final int LONGEST_FILE = 1_000_000;

  private final long longest;
  private final Factory factory;

  PublisherKind(Factory factory) {
    this(ENDLESS, factory);
  }

  PublisherKind(long longest, Factory factory) {
    this.longest = longest;
    this.factory = factory;
  }

  /** At most so many elements as this kind can have. */
  long atMost(long count) {
    return Math.min(count, longest);
  }

  /**
   * Makes a publisher.
   *
   * @param count how many elements; a kind that has at most one takes no notice
   */
  Publisher<?> numbers(TestSystem on, long count) {
    return factory.numbers(on, count);
  }

  private interface Factory {
    Publisher<?> numbers(TestSystem on, long count);
  }

  private static Flux<Long> numbers(long count) {
    return Flux.generate(
        () -> 0L,
        (next, sink) -> {
          if (next == count) {
            sink.complete();
          } else {
            sink.next(next);
          }
          return next + 1;
        });
  }

  private static Publisher<String> lines(TestSystem on, long count) {
    String text =
        LongStream.range(0, Math.min(count, LONGEST_FILE))
            .mapToObj(number -> number + "\n")
            .collect(Collectors.joining());
    return Publishers.from(on.io().lines(file(on, text).chunks()));
  }

  private static AsyncFile emptyFile(TestSystem on) {
    return file(on, "");
  }

  private static AsyncFile file(TestSystem on, String text) {
    try {
      Path path = Files.createTempFile("numbers", ".txt");
      Files.writeString(path, text);
      AsyncFile file = TestSystem.get(on.io().open(path));
      // Its name is not needed any more.
      Files.delete(path);
      on.atEndOfTest(() -> TestSystem.get(file.close()));
      return file;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
