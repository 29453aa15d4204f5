// Stands for Microsoft's Office.js, as far as the pane may use it. Its manners are the real one's: history and alert
// are taken away, a dialog is a window whose end is looked for each second, items of a draft are objects.
// FIRST (what is selected at first), SETS (what this Outlook can do) and LANGUAGE are written above it by the test.
(() => {
  window.history.replaceState = window.history.pushState = null;
  window.alert = window.confirm = () => { throw new Error("not supported in an add-in"); };

  const handlers = [], Succeeded = "succeeded", Failed = "failed";
  const mailbox = {
    item: null,
    addHandlerAsync(type, handler, done) { handlers.push([type, handler]); done?.({ status: Succeeded }); },
    getSelectedItemsAsync(done) {
      if (!SETS.includes("Mailbox 1.13")) throw new Error("not in this requirement set");
      setTimeout(() => done({ status: Succeeded, value: Array(double.selected).fill({}) }));
    },
  };

  const double = window.double = {
    selected: 0, browsed: [], dialogs: [], refused: null,
    /** Another message, or none, or several, while the pane is pinned. */
    select(item, selected = item ? 1 : 0) {
      mailbox.item = made(item);
      double.selected = selected;
      for (const [, handler] of handlers) handler({ type: "olkItemSelectedChanged", initialData: null });
    },
    handled: () => handlers.map(([type]) => type),
  };

  function made(item) {
    if (!item) return null;
    if (!item.draft) return { itemType: "message", ...item };
    // What is written has getters, and no message-id (Office.MessageCompose).
    const written = { itemType: "message", subject: { getAsync() {} }, to: { getAsync() {} }, from: { getAsync() {} } };
    return item.inReplyTo ? { ...written, inReplyTo: item.inReplyTo } : written;
  }

  window.Office = {
    AsyncResultStatus: { Succeeded, Failed },
    EventType: { ItemChanged: "olkItemSelectedChanged", ...(SETS.includes("Mailbox 1.13") && { SelectedItemsChanged: "olkSelectedItemsChanged" }) },
    MailboxEnums: { ItemType: { Message: "message", Appointment: "appointment" } },
    onReady: (then) => Promise.resolve({ host: OUTSIDE ? null : "Outlook", platform: "OfficeOnline" }).then((info) => { then?.(info); return info; }),
    context: {
      displayLanguage: LANGUAGE,
      partitionKey: "outlook.office.com/",
      mailbox,
      requirements: { isSetSupported: (name, version) => SETS.includes(`${name} ${version}`) },
      ui: {
        openBrowserWindow: (url) => double.browsed.push(url),
        displayDialogAsync(url, options, done) {
          if (double.refused) return done({ status: Failed, error: { code: double.refused } });
          const dialog = window.open(`${url}&_host_Info=Outlook$Web$16.01$${LANGUAGE}$d0c8$isDialog$$0`, "dialog", "width=480,height=640");
          double.dialogs.push([url, options]);
          done({ status: Succeeded, value: { close: () => dialog.close(), addEventHandler() {} } });
        },
      },
    },
  };
  double.select(FIRST);
})();
