package dev.ringlet.benchmarks.files;

import com.sun.management.OperatingSystemMXBean;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Placement;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Does one kind of file work and prints operations per second and processor time per operation, of
 * the whole process. {@code java -cp ringlet-benchmarks.jar dev.ringlet.benchmarks.files.FileWork
 * WORK PEER FILE DEPTH SECONDS [BLOCK]}: the work is {@code random}, {@code direct}, {@code
 * sequential}, {@code write} (over what is there), {@code log} (append, then fdatasync) or {@code
 * dsync} (append to a file that was opened with DSYNC); the peer is {@code ringlet}, {@code nio}
 * (ours without io_uring), {@code pool} (one thread that asks a pool with a FileChannel) or {@code
 * channel} (its threads by themselves).
 */
public final class FileWork {
  private static final int ARGUMENTS = 5;
  private static final long WARM_UP_SECONDS = 3;

  private FileWork() {}

  /** What to do, and to what. */
  record Task(String work, Path file, int depth, int block) {
    /** Whether each operation waits for the disk. */
    boolean syncs() {
      return work.equals("log") || work.equals("dsync");
    }

    /** Throws if the work goes over what is there, and that is too little. */
    void checkSize() throws IOException {
      long least = (long) depth * block;
      long size = Files.exists(file) ? Files.size(file) : 0;
      if (!syncs() && size < least) {
        throw new IllegalArgumentException(
            file
                + " has "
                + size
                + " bytes; "
                + work
                + " goes over what is there and needs "
                + least
                + " at least: make it longer before, for instance by head -c 1G /dev/zero");
      }
    }
  }

  /**
   * Runs.
   *
   * @param arguments as the class says
   */
  public static void main(String[] arguments) throws InterruptedException, IOException {
    if (arguments.length < ARGUMENTS) {
      throw new IllegalArgumentException(
          "arguments: WORK PEER FILE DEPTH SECONDS [BLOCK], e.g. random ringlet /tmp/f 32 5");
    }
    int block = arguments.length > ARGUMENTS ? Integer.parseInt(arguments[ARGUMENTS]) : 4096;
    Task task =
        new Task(arguments[0], Path.of(arguments[2]), Integer.parseInt(arguments[3]), block);
    task.checkSize();
    AtomicLong count = new AtomicLong();
    AutoCloseable work = start(task, arguments[1], count);
    TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
    measure(task, arguments[1], Long.parseLong(arguments[4]), count, System.out);
    // whatever is in flight ends with the process
    System.exit(work == null ? 1 : 0);
  }

  private static AutoCloseable start(Task task, String peer, AtomicLong count) throws IOException {
    if (peer.equals("channel")) {
      return ChannelWork.threads(task, count);
    }
    if (peer.equals("pool")) {
      return ChannelWork.pool(task, count);
    }
    ExecutorPool pool = ExecutorPool.of(1).withDriver(peer.equals("nio") ? "nio" : "uring");
    if (Boolean.getBoolean("unbound")) {
      pool = pool.withPlacement(Placement.unbound());
    }
    int diskDepth = Integer.getInteger("disk.depth", 0);
    ActorSystem system =
        ActorSystem.create("files", diskDepth == 0 ? pool : pool.withDiskDepth(diskDepth));
    system.executors().get(0).spawn(() -> RingletWork.of(task, count), ActorOptions.named("work"));
    return system;
  }

  private static void measure(
      Task task, String peer, long seconds, AtomicLong count, PrintStream out)
      throws InterruptedException {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long nanos = System.nanoTime();
    long cpu = process.getProcessCpuTime();
    long done = count.get();
    TimeUnit.SECONDS.sleep(seconds);
    done = count.get() - done;
    cpu = process.getProcessCpuTime() - cpu;
    nanos = System.nanoTime() - nanos;
    double perSecond = done * 1e9 / nanos;
    out.printf(
        Locale.ROOT,
        "%s %s depth %d block %d: %.1f k/s %.2f us/op %.0f MB/s%n",
        task.work(),
        peer,
        task.depth(),
        task.block(),
        perSecond / 1e3,
        cpu / 1e3 / Math.max(1, done),
        perSecond * task.block() / 1e6);
  }
}
