package dev.ringlet.scheduler;

import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * A channel on the selector: which of the kernel's events are wanted, and which have come. Nothing
 * is wanted while no request is armed. Owner executor only.
 */
abstract class NioSocketHandle extends NioHandle {
  private final NioSelector selector;
  private final SelectableChannel channel;
  private final SelectionKey key;

  /** What the key's interest is set to. */
  private int interest;

  /** What has come and was not worked on; not zero while the handle stands in line. */
  private int readyOps;

  /** A close that comes when the channel is {@linkplain #isBusy not busy} any more. */
  private @Nullable NioOperation waitingClose;

  NioSocketHandle(NioHandles home, NioSelector selector, SelectableChannel channel)
      throws IOException {
    super(home);
    this.selector = selector;
    this.channel = channel;
    this.key = selector.register(channel, this);
  }

  final NioSelector selector() {
    return selector;
  }

  /** Adds events; true if the handle has to be put in line. */
  final boolean addReady(int operations) {
    boolean first = readyOps == 0;
    readyOps |= operations;
    return first && readyOps != 0;
  }

  /** Does what the events allow, some of it; called from the line. */
  final void work(CompletionSink sink) {
    int events = readyOps;
    readyOps = 0;
    if (!isClosing()) {
      work(sink, events);
      updateInterest();
    }
  }

  /** Called after every change of what is armed. */
  final void updateInterest() {
    if (isClosing()) {
      return;
    }
    int wanted = wantedOps();
    if (wanted == interest) {
      return;
    }
    if (interest == 0) {
      selector.armedChanged(1);
    } else if (wanted == 0) {
      selector.armedChanged(-1);
    }
    interest = wanted;
    key.interestOps(wanted);
  }

  /** Cancels what is in flight, closes the channel, and completes when the descriptor is gone. */
  final void close(IoRequest request) {
    NioOperation close = new NioOperation(completions(), request);
    completions().take(close);
    cancelAll();
    if (isBusy()) {
      startClosing();
      waitingClose = close;
    } else {
      close(close);
    }
  }

  /** Nothing of it is with another thread any more. */
  final void notBusy() {
    NioOperation close = waitingClose;
    if (close != null) {
      waitingClose = null;
      close(close);
    } else if (!isClosing()) {
      selector.ready(this, SelectionKey.OP_WRITE);
      updateInterest();
    }
  }

  private void close(NioOperation close) {
    try {
      try {
        if ((close.request.flags & IoRequest.CLOSE_RESET) != 0) {
          beforeReset();
        }
      } finally {
        closeNow();
      }
      selector.closedBy(close);
    } catch (IOException e) {
      completions().failed(close, e);
    }
  }

  @Override
  final void closeAtEnd() {
    if (isBusy()) {
      return; // a thread is stuck in a file system: what it writes to must not become another's
    }
    try {
      closeNow();
    } catch (IOException e) {
      System.getLogger(NioSocketHandle.class.getName())
          .log(System.Logger.Level.WARNING, "closing " + this, e);
    }
  }

  /** Nothing is armed; the key goes with the next select. */
  final void leave() {
    startClosing();
    key.cancel();
    selector.channelClosed();
  }

  final void closeNow() throws IOException {
    if (interest != 0) {
      interest = 0;
      selector.armedChanged(-1);
    }
    startClosing();
    selector.channelClosed();
    channel.close();
  }

  /** Whether a thread for files has the channel, which must not be closed meanwhile. */
  boolean isBusy() {
    return false;
  }

  /** Has the close reset the connection, if there is one. */
  void beforeReset() throws IOException {}

  /** The address it is bound to; also after it was closed. */
  abstract InetSocketAddress localAddress();

  /** The events that the armed requests wait for. */
  abstract int wantedOps();

  abstract void work(CompletionSink sink, int events);

  /** Ends one armed request. */
  abstract void cancel(NioOperation operation);
}
