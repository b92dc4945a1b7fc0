package dev.ringlet.scheduler;

import dev.ringlet.io.FileRange;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ranges that are made of the elements of a stream, some of which are asked for ahead so that there
 * is something to merge. While no part is wanted nothing is asked for. Owner executor only.
 */
final class StreamRanges<T> extends RangeSource {
  /** Ranges that are here or asked for. */
  private static final int AHEAD = 64;

  private final HomeStream<T> source;
  private final Function<? super T, FileRange> range;
  private final ArrayDeque<FileRange> here = new ArrayDeque<>();
  private int asked;
  private boolean ended;
  private @Nullable Throwable failure;
  private @Nullable IoSubscription subscription;

  StreamRanges(HomeStream<T> source, Function<? super T, FileRange> range) {
    this.source = source;
    this.range = range;
  }

  @Override
  void begin(PartFeed feed) {
    subscription = source.subscribe(feed.cell(), new Elements(feed));
  }

  private final class Elements extends Outlet<T> {
    private final PartFeed feed;

    Elements(PartFeed feed) {
      this.feed = feed;
    }

    @Override
    void element(ActorCell<?> cell, T element) {
      asked--;
      take(element);
      feed.rangesCame();
    }

    @Override
    boolean isAwaited() {
      return feed.hasDemand();
    }

    @Override
    void end(ActorCell<?> cell, @Nullable IoException reason) {
      ended = true;
      failure = reason;
      feed.rangesCame();
    }
  }

  /** What the function throws ends the ranges, after those before. */
  private void take(T element) {
    try {
      here.add(Objects.requireNonNull(range.apply(element), "the function gave null for a range"));
    } catch (Throwable thrown) {
      Failures.rethrowFatal(thrown);
      close();
      failure = thrown;
    } finally {
      source.discard(element);
    }
  }

  @Override
  @Nullable FileRange peekNew() {
    FileRange first = here.peek();
    if (here.size() + asked <= AHEAD / 2 && !ended) {
      int missing = AHEAD - here.size() - asked;
      asked += missing;
      Objects.requireNonNull(subscription).request(missing);
    }
    return first;
  }

  @Override
  void removeNew() {
    here.remove();
  }

  @Override
  boolean hasNoNew() {
    return ended && here.isEmpty();
  }

  @Override
  @Nullable Throwable failure() {
    return failure;
  }

  @Override
  void awake() {
    if (subscription instanceof Subscription<?> armed && asked > 0) {
      armed.awaitedAgain();
    }
  }

  /** Those that are here stay. */
  @Override
  void close() {
    ended = true;
    if (subscription != null) {
      ((Source) subscription).abandon();
      subscription = null;
    }
  }
}
