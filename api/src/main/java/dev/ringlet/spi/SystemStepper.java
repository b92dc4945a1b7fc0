package dev.ringlet.spi;

import dev.ringlet.actor.ActorSystem;
import java.util.List;

/**
 * A system without threads: all executors run on the thread that made it, one turn at a time, when
 * they are told. For test kits.
 *
 * <p>Between turns the calling thread is none of an executor's: what is sent then, and what one
 * executor sends to another, goes through the inbox of the receiver as it would between threads.
 *
 * <p>A process that crashes is a stepper that is left alone: it holds nothing but memory and what
 * its drivers hold.
 *
 * <p><b>Thread:</b> the one that made it. In a turn of an executor, of whatever system, its methods
 * that step throw {@link IllegalStateException}. When the system is closed there is nothing to do
 * any more.
 */
public interface SystemStepper {
  /**
   * The system; its {@code close()} steps it to its end, see {@link Stepping#idle}.
   *
   * @return the system
   */
  ActorSystem system();

  /**
   * One turn of each executor, by index.
   *
   * @return whether any had something to do
   */
  boolean step();

  /**
   * How many executors there are.
   *
   * @return one or more
   */
  int executors();

  /**
   * One turn of one executor: it takes in what was sent to it, what its driver has completed and
   * what is due, runs actors until the slice ends, and gives the driver what they have asked for.
   * Questions from outside whose time is over are ended before it.
   *
   * <p>When it says false the executor is parked: it has nothing to do before its driver is woken
   * ({@link IoDriver#wakeup}) or shows a completion, or time goes on.
   *
   * @param executor its index, from 0
   * @return whether there was something to do, or is now
   * @throws IndexOutOfBoundsException if there is no such executor
   */
  boolean step(int executor);

  /**
   * Runs one piece of the work that was offloaded, outside of all turns. Which one is left to
   * chance, among as many as a running system would have threads for.
   *
   * @return whether there was any
   */
  boolean stepOffloaded();

  /**
   * Whose turns the last step of an executor was.
   *
   * @param executor its index, from 0
   * @return the paths of actors and tasks, in order
   * @throws IndexOutOfBoundsException if there is no such executor
   */
  List<String> ran(int executor);

  /**
   * The questions that wait for an answer, asked from outside or by actors of this system. One that
   * was answered on another executor is told of until the asking one has a turn.
   *
   * @return for each the type of the message, and who was asked
   */
  List<String> openQuestions();

  /**
   * The watches of living actors whose watched actor has ended, and which have not been told of it
   * yet. Between turns such a one may be on its way; when nobody has anything to do it is lost.
   *
   * @return for each who watches, and whom
   */
  List<String> unansweredWatches();

  /**
   * How long until a timer may be due, or a delay of a driver that the stepper has made itself.
   *
   * @return nanoseconds; {@link Long#MAX_VALUE} if there is none
   */
  long nanosToNext();

  /**
   * How long until a turn of one executor may find a timer due.
   *
   * @param executor which, from zero
   * @return nanoseconds; {@link Long#MAX_VALUE} if there is none
   */
  long nanosToNext(int executor);
}
