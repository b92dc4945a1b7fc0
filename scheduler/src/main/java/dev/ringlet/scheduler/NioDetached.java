package dev.ringlet.scheduler;

import dev.ringlet.io.DetachedTcpStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A channel between two selectors. Any thread. */
final class NioDetached implements DetachedTcpStream {
  private final SocketChannel channel;
  private final @Nullable NioPeeked peeked;
  private final AtomicBoolean taken = new AtomicBoolean();

  NioDetached(SocketChannel channel, @Nullable NioPeeked peeked) {
    this.channel = channel;
    this.peeked = peeked;
  }

  /** What was looked at and not received. */
  @Nullable NioPeeked peeked() {
    return peeked;
  }

  SocketChannel take() {
    if (!taken.compareAndSet(false, true)) {
      throw new IllegalStateException(channel + " was attached or closed already");
    }
    return channel;
  }

  @Override
  public void close() {
    if (taken.compareAndSet(false, true)) {
      try {
        channel.close();
      } catch (IOException e) {
        System.getLogger(NioDetached.class.getName()).log(Level.WARNING, "closing " + channel, e);
      }
    }
  }
}
