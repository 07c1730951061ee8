from chat.cli import chat

chat(prog_name="python -m chat")
