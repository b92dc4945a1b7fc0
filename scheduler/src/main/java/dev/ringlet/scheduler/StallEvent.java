package dev.ringlet.scheduler;

import dev.ringlet.executor.Stall;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A stall in a flight recording. Not to be touched where the JDK has no flight recorder. */
@Name("dev.ringlet.Stall")
@Label("Stalled turn")
@Category("Ringlet")
@Description("A turn has kept an executor for longer than its budget")
@StackTrace(false)
final class StallEvent extends Event {
  @Label("Executor")
  int executor;

  @Label("Actor")
  String actor = "";

  @Label("Message type")
  String messageType = "";

  @Label("Priority class")
  String priorityClass = "";

  @Label("Where the thread was")
  String place = "";

  static void commit(Stall stall) {
    StallEvent event = new StallEvent();
    if (event.shouldCommit()) {
      event.executor = stall.executor();
      event.actor = stall.actor();
      event.messageType = stall.messageType();
      event.priorityClass = stall.priorityClass();
      event.place = stall.stack().isEmpty() ? "" : stall.stack().get(0).toString();
      event.commit();
    }
  }
}
