package dev.ringlet.spi;

import dev.ringlet.io.DetachedTcpStream;
import java.net.InetSocketAddress;

/**
 * The kernel as one executor sees it.
 *
 * <p><b>Thread:</b> owner executor (the thread that created it), except {@link #wakeup()}, {@link
 * #completionsPending()} and {@link #stats()}: any thread. Owner methods after {@link #close} throw
 * {@link IllegalStateException}.
 */
public interface IoDriver {
  /**
   * The provider's name.
   *
   * @return such as {@code "uring"}
   */
  String name();

  /**
   * What it uses of the kernel, for the log.
   *
   * @return one line
   */
  String description();

  /**
   * How many operations on files it can use side by side: enough to keep a disk busy, and so few
   * that they do not queue up in the kernel, which knows no priority classes.
   *
   * @return one or more; 32 unless the driver knows better
   */
  default int diskDepth() {
    return 32;
  }

  /**
   * Takes a request. It is seen by the kernel at the next {@link #flush} or {@link #park} at the
   * latest; where there is no room it waits inside the driver. Completions, also of failures that
   * are known at once, are reported by {@link #poll} only.
   *
   * @param request filled, and not with a driver now
   */
  void submit(IoRequest request);

  /**
   * Asks for an early end. The request still completes, with ECANCELED or with what it had
   * achieved. Does nothing if it is not with this driver.
   *
   * @param request a submitted request
   */
  void cancel(IoRequest request);

  /**
   * Reports completions that are visible, without entering the kernel unless something is known to
   * wait there; at most a bounded number at a time.
   *
   * @param sink gets them
   * @return how many were reported
   */
  int poll(CompletionSink sink);

  /**
   * Whether {@link #poll} would have something to do. A few nanoseconds: no system call, no fence.
   *
   * @return true if completions wait
   */
  boolean completionsPending();

  /**
   * Gives the requests taken so far to the kernel and lets it make completions visible; one system
   * call at most, none when there is nothing to do.
   */
  void flush();

  /**
   * Flushes and waits until a completion is visible, {@link #wakeup} was called (also before this
   * call), the time is over, or for no reason at all.
   *
   * @param timeoutNanos how long; 0 does not wait; {@link Long#MAX_VALUE} means without limit
   */
  void park(long timeoutNanos);

  /** Ends the owner's present or next {@link #park}. Harmless after close. */
  void wakeup();

  /**
   * Allocates memory that requests of this driver may use.
   *
   * @param bytes more than zero
   * @return the memory
   */
  IoMemory allocate(int bytes);

  /**
   * Gives memory back that {@link #allocate} gave: nothing is in flight on it, and no request will
   * name it any more. What is not given back ends with the driver. Owner; harmless after close.
   *
   * @param memory which
   */
  default void free(IoMemory memory) {}

  /**
   * Lets go of a connection without closing it.
   *
   * @param handle a connection of this driver
   * @return the connection, for another driver of this kind
   * @throws IllegalStateException if requests are in flight on it, or it is closed
   */
  DetachedTcpStream detach(IoHandle handle);

  /**
   * Takes a connection that another driver has let go of.
   *
   * @param connection from {@link #detach} of a driver of this kind
   * @return the handle
   * @throws IllegalStateException if it was attached or closed already
   * @throws IllegalArgumentException if it comes from a driver of another kind
   */
  IoHandle attach(DetachedTcpStream connection);

  /**
   * Takes a descriptor that has come from another program.
   *
   * @param descriptor from {@link ReceivedDescriptors} of this driver
   * @param connection whether it is to be a TCP connection, or a file
   * @return the handle
   * @throws IllegalStateException if it was attached or closed already
   * @throws IllegalArgumentException if it is of another driver, or not what it is to be; it can
   *     still be attached or closed
   */
  default IoHandle attach(DetachedDescriptor descriptor, boolean connection) {
    throw new IllegalArgumentException(
        "descriptor: " + descriptor + "; the driver " + name() + " receives none");
  }

  /**
   * The address a socket is bound to.
   *
   * @param handle a socket or listener of the internet
   * @return the address
   * @throws IllegalArgumentException if it is a Unix domain socket
   */
  InetSocketAddress localAddress(IoHandle handle);

  /**
   * The address a socket is connected to.
   *
   * @param handle a connected socket of the internet
   * @return the address
   * @throws IllegalArgumentException if it is a Unix domain socket
   */
  InetSocketAddress remoteAddress(IoHandle handle);

  /**
   * The counters.
   *
   * @return a snapshot
   */
  IoDriverStats stats();

  /**
   * Refuses new work, cancels what is in flight, reports its completions, closes the handles that
   * are still open and gives everything back when nothing is in flight any more. Idempotent.
   *
   * @param sink gets the last completions
   */
  void close(CompletionSink sink);
}
