"""Names that novices give their variables."""

NAMES = """a acc amount answer arr b best biggest box c cell char chars check chunk col collected copy count counter cur
current d data day diff digit done e elem element elements end entry even extra f final first flag found g grid group h
half head hi high i idx index info inner it item items j k key keys kind largest last left length letter letters level
limit line lo low lst m main mark max_val mid min_val month my_list n name names nested new new_list new_lst num number
numbers nums o odd ok other out output p pair pairs part parts people person piece pos position prev prod q r rest res
result results ret right row rows s score second seen seq size small smallest sol start step stop sub sum_ t tail target
temp text tmp top total tup u unique v val value values w week width word words x xs y year z zero""".split()
