package dev.ringlet.io;

/**
 * A pipe of the kernel; each end is to be closed. When the reading end is closed, sends fail with
 * EPIPE; when the writing end is closed, the stream of the other one ends once everything was read.
 * <b>Thread:</b> any thread.
 */
public interface IoPipe {
  /**
   * The end that is read.
   *
   * @return the same object each time
   */
  PipeInput input();

  /**
   * The end that is written.
   *
   * @return the same object each time
   */
  StreamOutput output();
}
