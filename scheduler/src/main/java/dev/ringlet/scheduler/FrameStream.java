package dev.ringlet.scheduler;

import dev.ringlet.io.Framing;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoSubscription;
import java.util.function.Supplier;

/** The frames of a stream of bytes; it has as many subscriptions as that one can have. */
final class FrameStream<R> extends HomeStream<R> {
  private final HomeStream<IoBuffer> source;
  private final Framing framing;
  private final Supplier<Frames<R>> frames;
  private final Frames<R> unwanted;

  FrameStream(HomeStream<IoBuffer> source, Framing framing, Supplier<Frames<R>> frames) {
    super(source.home());
    this.source = source;
    this.framing = framing;
    this.frames = frames;
    this.unwanted = frames.get();
  }

  @Override
  IoSubscription open(ActorCell<?> cell, Outlet<? super R> outlet) {
    FrameFeed<R> feed = new FrameFeed<>(home(), cell, outlet, source, splitter());
    feed.begin();
    return feed;
  }

  private Splitter<R> splitter() {
    String subject = source.toString();
    if (framing instanceof Framing.Delimited delimited) {
      return new DelimitedSplitter<>(home(), frames.get(), subject, delimited);
    } else if (framing instanceof Framing.LengthPrefixed prefixed) {
      return new LengthSplitter<>(home(), frames.get(), subject, prefixed);
    }
    return new FixedSplitter<>(home(), frames.get(), subject, framing.maxLength());
  }

  @Override
  public void discard(R frame) {
    unwanted.discard(frame);
  }

  @Override
  public String toString() {
    return "frames of " + source;
  }
}
