package dev.ringlet.scheduler;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Standard output or error for all NIO drivers of the process: a thread for each, which does what
 * was begun to the end. Any thread.
 */
final class NioStandardOutput {
  /** How many standard streams there are. */
  static final int DESCRIPTORS = 3;

  private static final long IDLE_SECONDS = 10;

  private static final NioStandardOutput OUT =
      new NioStandardOutput(new FileOutputStream(FileDescriptor.out), thread("ringlet-stdout"));

  private static final NioStandardOutput ERR =
      new NioStandardOutput(new FileOutputStream(FileDescriptor.err), thread("ringlet-stderr"));

  private final OutputStream target;
  private final Executor thread;

  private NioStandardOutput(OutputStream target, Executor thread) {
    this.target = target;
    this.thread = thread;
  }

  static NioStandardOutput of(int descriptor) {
    return descriptor == 1 ? OUT : ERR;
  }

  /** One that nobody waits for at the end of the process, and that ends when it has no work. */
  static Executor thread(String name) {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> daemon(name, work));
    one.allowCoreThreadTimeOut(true);
    return one;
  }

  /** Made by an executor's thread, it must not stay on that one's CPU. */
  private static Thread daemon(String name, Runnable work) {
    Runnable release = Pinning.release();
    Thread thread =
        new Thread(
            () -> {
              release.run();
              work.run();
            },
            name);
    thread.setDaemon(true);
    return thread;
  }

  void execute(NioStandardWrite write) {
    thread.execute(() -> write.run(this));
  }

  /** On the thread: writes all. */
  void write(byte[] bytes) throws IOException {
    target.write(bytes);
  }
}
