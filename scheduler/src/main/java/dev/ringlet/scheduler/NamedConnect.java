package dev.ringlet.scheduler;

import dev.ringlet.io.IoException;
import dev.ringlet.io.NameResolver;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.Errno;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a host by name: looks it up, then tries its addresses one after the other, each with
 * a head start over the next (RFC 8305). Itself it is never with the driver; its attempts are.
 * Whatever ends it, the attempts that are left are abandoned, and a connection that one of them
 * still makes is closed.
 */
final class NamedConnect extends Operation<TcpStream> {
  private static final String NAME = "connect";

  private final String host;
  private final int port;
  private final NameResolver resolver;
  private final long delayNanos;

  private final Deque<InetAddress> untried = new ArrayDeque<>();
  private final List<Operation<TcpStream>> running = new ArrayList<>();
  private final List<IoException> failures = new ArrayList<>();
  private @Nullable Operation<List<InetAddress>> lookup;
  private @Nullable NextAttempt next;
  private boolean over;

  NamedConnect(
      CoreExecutor executor, String host, int port, NameResolver resolver, long delayNanos) {
    super(executor, NAME);
    this.host = host;
    this.port = port;
    this.resolver = resolver;
    this.delayNanos = delayNanos;
  }

  @Override
  String subject() {
    return host + ":" + port;
  }

  @Override
  void begin() {
    Operation<List<InetAddress>> begun =
        new OffloadOperation<>(
            executor(),
            "look up",
            host,
            () -> AddressOrder.interleave(resolver.resolve(host)),
            unwanted -> {});
    lookup = begun;
    begun.then(this::found);
  }

  @Override
  boolean leavesQueue() {
    return true;
  }

  private void found(Operation<List<InetAddress>> ended) {
    lookup = null;
    IoException failed = ended.failure();
    if (failed != null) {
      complete(failed.isCancelled() ? -Errno.ECANCELED : -Errno.EHOSTUNREACH, failed.getCause());
      return;
    }
    untried.addAll(Objects.requireNonNull(ended.value()));
    if (untried.isEmpty()) {
      complete(-Errno.EHOSTUNREACH, new UnknownHostException(host));
    } else {
      tryNext();
    }
  }

  /** A loop: an attempt may fail before its start returns. */
  private void tryNext() {
    stopWaiting();
    while (!over && !untried.isEmpty()) {
      if (attempt(new InetSocketAddress(untried.remove(), port))) {
        waitForIt();
        return;
      }
    }
    if (!over && running.isEmpty()) {
      complete(-errno(), null);
    }
  }

  /** False if it has failed already. */
  private boolean attempt(InetSocketAddress address) {
    Operation<TcpStream> attempt = executor().io().connect(address);
    running.add(attempt);
    attempt.then(this::attempted);
    return running.contains(attempt);
  }

  private void waitForIt() {
    if (!over && !untried.isEmpty()) {
      next = new NextAttempt();
      executor().schedule(next, delayNanos);
    }
  }

  private void stopWaiting() {
    if (next != null) {
      executor().cancel(next);
      next = null;
    }
  }

  private void attempted(Operation<TcpStream> attempt) {
    running.remove(attempt);
    IoException failed = attempt.failure();
    if (failed == null) {
      complete(0, attempt.value());
      return;
    }
    failures.add(failed);
    if (next != null || untried.isEmpty()) {
      tryNext();
    }
  }

  /** What the first attempt failed with stands for all: it was the preferred address. */
  private int errno() {
    return executor().takesIo() ? failures.get(0).errno() : Errno.ECANCELED;
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
    } else {
      succeed((TcpStream) Objects.requireNonNull(payload));
    }
    return true;
  }

  @Override
  IoException failure(int errno, @Nullable Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return new IoException(NAME, subject(), errno, "the host is unknown", cause);
    }
    if (cause != null) {
      return new IoException(NAME, subject(), errno, "looking up the host failed: " + cause, cause);
    }
    if (failures.isEmpty()) {
      return new IoException(NAME, subject(), errno, null);
    }
    StringBuilder all = new StringBuilder(Errno.describe(errno));
    for (IoException failed : failures) {
      all.append("; ").append(failed.getMessage());
    }
    IoException failure = new IoException(NAME, subject(), errno, all.toString(), null);
    failures.forEach(failure::addSuppressed);
    return failure;
  }

  @Override
  void ended() {
    over = true;
    stopWaiting();
    if (lookup != null) {
      lookup.abandon();
    }
    List.copyOf(running).forEach(Operation::abandon);
    running.clear();
  }

  @Override
  void discard(TcpStream value) {
    value.close().toCompletionStage();
  }

  private final class NextAttempt extends Timer {
    @Override
    void fire() {
      next = null;
      tryNext();
    }
  }
}
